#!/usr/bin/env bash
# Looks for the Linux programs that packets and their tests use, and installs missing ones where it may: as root, with apt-get.
# What stays missing is named, with what that means; it is never a failure, as the API works without any of them.
set -euo pipefail

# program | Debian package | what does not work without it
needs=(
  "unshare|util-linux|no packets: the cloud keeps records only, and says so"
  "ping|iputils-ping|no 'causeway ping' and no demo"
  "ip|iproute2|tests that compare with the ip program skip"
  "nft|nftables|tests that compare with the nft program skip"
  "tcpdump|tcpdump|no 'causeway capture', and the demo does not count packets at a peering connection"
)

missing() {
  for need in "${needs[@]}"; do
    IFS='|' read -r program package consequence <<<"$need"
    # Debian keeps network programs where an ordinary user's PATH does not look.
    PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null || echo "$need"
  done
}

lacking=$(missing)
[ -z "$lacking" ] && exit 0

mapfile -t packages < <(cut -d'|' -f2 <<<"$lacking" | sort -u)
if [ "$(id -u)" -ne 0 ]; then
  echo "Not root, so not installed: ${packages[*]} (as root: apt-get install ${packages[*]})"
elif ! command -v apt-get >/dev/null; then
  echo "No apt-get here, so not installed: ${packages[*]}"
else
  echo "Installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  timeout 120 apt-get -qq update >"$log" 2>&1 || true
  # One by one: a package that cannot be had must not keep the others away.
  for package in "${packages[@]}"; do
    if ! timeout 120 apt-get -qq install -y --no-install-recommends "$package" >>"$log" 2>&1; then
      echo "apt-get could not install $package: $(tail -n 1 "$log")"
    fi
  done
  rm -f "$log"
fi

while IFS='|' read -r program _ consequence; do
  [ -z "$program" ] || echo "Without $program: $consequence"
done <<<"$(missing)"
