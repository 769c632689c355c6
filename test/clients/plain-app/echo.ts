/** The handler behind the app's own custom resource: says what it was asked, and at which stage it was deployed. */
interface Event {
  readonly RequestType: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly Stage: string };
}

export const handler = async ({ RequestType, PhysicalResourceId = "echo", ResourceProperties }: Event) => ({
  PhysicalResourceId,
  Data: { Echoed: `${RequestType} ${ResourceProperties.Stage} at ${process.env.STAGE}` },
});
