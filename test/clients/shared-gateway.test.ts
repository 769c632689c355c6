/** A transit gateway that is shared between accounts by Resource Access Manager, by Terraform, and seen by the AWS CLI. (semantics 6.8) */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, noAwsCli } from "../support/aws-cli.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { must, noTerraform, terraformIn } from "../support/terraform.ts";

const owner = "121212121212";
const member = "131313131313";
const why = noTerraform || noAwsCli;

let cloud: TestCloud;
beforeAll(async () => {
  if (why === "") cloud = await startCloud({ packets: "model" });
});
afterAll(() => cloud?.stop());

describe.skipIf(why !== "")(`a shared transit gateway${why}`, () => {
  test("is offered, accepted, attached to, and given back [TG-80] [TG-81] [TG-83]", { timeout: 300_000 }, async () => {
    const terraform = must(terraformIn(cloud, "shared-gateway"));
    await terraform("init", "-input=false");
    await terraform("apply", "-auto-approve");
    await terraform("plan", "-detailed-exitcode");
    const { status, resources, gateway } = JSON.parse(await terraform("output", "-json"));
    expect(status.value).toBe("ACTIVE");
    expect(resources.value).toEqual([gateway.value]);

    const [theirs, mine] = [awsCli(cloud, member), awsCli(cloud, owner)];
    expect(await theirs.text("ec2 describe-transit-gateways", "TransitGateways[].[OwnerId,State]")).toBe(
      `${owner}\tavailable`,
    );
    const shares = "ram get-resource-shares --resource-owner";
    expect(await theirs.text(`${shares} OTHER-ACCOUNTS`, "resourceShares[].[name,owningAccountId]")).toBe(
      `hub\t${owner}`,
    );
    expect(await mine.text(`${shares} SELF`, "resourceShares[].[status,tags[0].value]")).toBe("ACTIVE\thub");
    const principals = "ram get-resource-share-associations --association-type PRINCIPAL";
    expect(await mine.text(principals, "resourceShareAssociations[].[associatedEntity,status,external]")).toBe(
      `${member}\tASSOCIATED\tTrue`,
    );
    expect(await theirs.refused("ram create-resource-share --name x --principals o-0123456789")).toBe(
      "InvalidParameterException",
    );
    expect(await mine.refused("ram enable-sharing-with-aws-organization")).toBe("UnsupportedOperation");

    await terraform("destroy", "-auto-approve");
    expect(await theirs.text("ec2 describe-transit-gateways", "length(TransitGateways)")).toBe("0");
    expect(await mine.text(`${shares} SELF --resource-share-status ACTIVE`, "length(resourceShares)")).toBe("0");
  });
});
