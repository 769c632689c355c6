#!/usr/bin/env bash
# Deploys the three stacks, and carries ids from one account's to the other's. Credentials: ONE and TWO are commands that run a command as
# that account, such as ONE='env AWS_PROFILE=one'.
set -euo pipefail
cd "$(dirname "$0")"
as_one=${ONE:-env AWS_ACCESS_KEY_ID=111111111111}
as_two=${TWO:-env AWS_ACCESS_KEY_ID=222222222222}
one=$($as_one aws sts get-caller-identity --query Account --output text)
two=$($as_two aws sts get-caller-identity --query Account --output text)
context=(-c "one=$one" -c "two=$two" -c "region=${AWS_REGION:-us-east-1}")

deploy() { # whose credentials, which stack
  $1 npx cdk deploy "$2" --require-approval never "${context[@]}"
}
output() { # whose credentials, which stack, which output
  $1 aws cloudformation describe-stacks --stack-name "$2" --query "Stacks[0].Outputs[?OutputKey=='$3'].OutputValue" --output text
}

deploy "$as_two" FileServer
context+=(-c "filesVpcId=$(output "$as_two" FileServer VpcId)")
deploy "$as_one" Reader
context+=(
  -c "peeringId=$(output "$as_one" Reader PeeringId)"
  -c "readerVpcId=$(output "$as_one" Reader VpcId)"
  -c "readerGroupId=$(output "$as_one" Reader GroupId)"
)
# With FileServer, whose ids it imports.
deploy "$as_two" FileServerRoutes
