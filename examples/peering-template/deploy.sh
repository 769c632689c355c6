#!/usr/bin/env bash
# Deploys peering.yaml by a change set that is shown first. `./deploy.sh STACK [yes|no]`; the second word asks for probe instances.
set -euo pipefail
cd "$(dirname "$0")"
stack=${1:-peering}
probes=${2:-no}

type=CREATE
if status=$(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text 2>/dev/null); then
  [ "$status" = REVIEW_IN_PROGRESS ] || type=UPDATE
fi
change_set="$stack-$(date +%s)"
aws cloudformation create-change-set --stack-name "$stack" --change-set-name "$change_set" --change-set-type "$type" \
  --template-body file://peering.yaml --capabilities CAPABILITY_IAM \
  --parameters ParameterKey=ProbeInstances,ParameterValue="$probes" > /dev/null
aws cloudformation wait change-set-create-complete --stack-name "$stack" --change-set-name "$change_set"
aws cloudformation describe-change-set --stack-name "$stack" --change-set-name "$change_set" --output table \
  --query 'Changes[].ResourceChange.[Action,ResourceType,LogicalResourceId,Replacement]'

# A person reviews it; without one at the terminal it is executed.
if [ -t 0 ]; then
  read -r -p "Execute this change set? [y/N] " answer
  [ "$answer" = y ] || exit 1
fi
aws cloudformation execute-change-set --stack-name "$stack" --change-set-name "$change_set"
if [ "$type" = CREATE ]; then
  aws cloudformation wait stack-create-complete --stack-name "$stack"
else
  aws cloudformation wait stack-update-complete --stack-name "$stack"
fi
aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output table
