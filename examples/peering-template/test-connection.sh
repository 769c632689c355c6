#!/usr/bin/env bash
# Lets probe A ping probe B through the peering connection, by Systems Manager. Ends with 0 if every ping was answered.
set -euo pipefail
stack=${1:-peering}
pings=3

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}
probe=$(output ProbeAId)
address=$(output ProbeBAddress)
if [ -z "$probe" ] || [ "$probe" = None ]; then
  echo "$stack has no probe instances: ./deploy.sh $stack yes" >&2
  exit 2
fi

# A new instance reports to Systems Manager within minutes.
for _ in $(seq 60); do
  online=$(aws ssm describe-instance-information --filters "Key=InstanceIds,Values=$probe" \
    --query 'InstanceInformationList[0].PingStatus' --output text)
  [ "$online" = Online ] && break
  sleep 5
done
if [ "$online" != Online ]; then
  echo "$probe does not report to Systems Manager" >&2
  exit 3
fi

command=$(aws ssm send-command --document-name AWS-RunShellScript --instance-ids "$probe" \
  --parameters "commands=['ping -c $pings -W 2 $address']" --query Command.CommandId --output text)
# Fails when the command did; what it printed says more.
aws ssm wait command-executed --command-id "$command" --instance-id "$probe" || true
aws ssm get-command-invocation --command-id "$command" --instance-id "$probe" --query StandardOutputContent --output text
status=$(aws ssm get-command-invocation --command-id "$command" --instance-id "$probe" --query Status --output text)
[ "$status" = Success ]
