#!/usr/bin/env bash
# Deletes everything that deploy.sh made.
set -euo pipefail
stack=${1:-peering}
aws cloudformation delete-stack --stack-name "$stack"
aws cloudformation wait stack-delete-complete --stack-name "$stack"
