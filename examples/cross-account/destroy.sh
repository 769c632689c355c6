#!/usr/bin/env bash
# Deletes the three stacks in reverse order. A stack knows what it holds: no ids are needed.
set -euo pipefail
as_one=${ONE:-env AWS_ACCESS_KEY_ID=111111111111}
as_two=${TWO:-env AWS_ACCESS_KEY_ID=222222222222}

delete() { # whose credentials, which stack
  $1 aws cloudformation delete-stack --stack-name "$2"
  $1 aws cloudformation wait stack-delete-complete --stack-name "$2"
}
delete "$as_two" FileServerRoutes
delete "$as_one" Reader
delete "$as_two" FileServer
