"""For tests, inside a namespace of its own: sends nfnetlink batches as they are, lists the ruleset with nft, and sends packets
over the loopback link. Arguments: a JSON list of batches ({file, first, last}), a JSON list of probes. Answers in JSON.
"""

import json
import socket
import struct
import subprocess
import sys
import time

NETLINK_NETFILTER = 12
SO_SNDBUFFORCE = 32
MARK = b"CSWY"
NUMBERS = {"udp": 17, "tcp": 6, "icmp": 1, "icmpv6": 58}
CHECKSUM_AT = {"udp": 6, "tcp": 16, "icmp": 2, "icmpv6": 2}


def send_batches(batches):
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    netlink.bind((0, 0))
    for option in (socket.SO_SNDBUF, SO_SNDBUFFORCE, socket.SO_RCVBUF):
        try:
            netlink.setsockopt(socket.SOL_SOCKET, option, 1 << 24)
        except PermissionError:
            pass  # Without rights over the machine, the first option got what there is.
    netlink.settimeout(20)
    return [send_batch(netlink, batch).hex() for batch in batches]


def send_batch(netlink, batch):
    with open(batch["file"], "rb") as file:
        data = file.read()
    answer = b""
    if not data:
        return answer
    netlink.send(data)
    done = False
    while not done:
        part = netlink.recv(1 << 20)
        answer += part
        at = 0
        while at + 16 <= len(part):
            length, _, _, sequence = struct.unpack_from("=IHHI", part, at)
            done = done or sequence in (batch["first"], batch["last"])
            at += (length + 3) & ~3
    return answer


def address(version, text):
    return socket.inet_pton(socket.AF_INET if version == 4 else socket.AF_INET6, text)


def text(version, data):
    return socket.inet_ntop(socket.AF_INET if version == 4 else socket.AF_INET6, data)


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def transport_checksum(version, source, target, protocol, data):
    if protocol == "icmp":
        return checksum(data)
    pseudo = address(version, source) + address(version, target) + struct.pack("!HH", NUMBERS[protocol], len(data))
    return checksum(pseudo + data)


def packet(probe, identity):
    version, protocol = probe["version"], probe["protocol"]
    body = struct.pack("!4sI", MARK, identity)
    if protocol == "udp":
        data = struct.pack("!HHHH", probe["from"], probe["to"], 8 + len(body), 0) + body
    elif protocol == "tcp":
        data = struct.pack("!HHIIBBHHH", probe["from"], probe["to"], identity, 0, 0x50, 2, 1024, 0, 0) + body
    else:
        data = struct.pack("!BBHHH", probe["from"], probe["to"], 0, 7, 7) + body
    at = CHECKSUM_AT[protocol]
    value = transport_checksum(version, probe["source"], probe["target"], protocol, data)
    data = data[:at] + struct.pack("!H", value) + data[at + 2 :]
    source, target = address(version, probe["source"]), address(version, probe["target"])
    if version == 4:
        length = 20 + len(data)
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, identity, 0, 64, NUMBERS[protocol], 0, source, target) + data
    return struct.pack("!IHBB16s16s", 6 << 28, len(data), NUMBERS[protocol], 64, source, target) + data


def listener(version, protocol):
    receive = socket.socket(socket.AF_INET if version == 4 else socket.AF_INET6, socket.SOCK_RAW, NUMBERS[protocol])
    if version == 6:
        receive.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    receive.setblocking(False)
    return receive


def drain(receive, version, protocol, probes, arrived):
    """What passed the input hook and is one of the probes, not an answer to one."""
    while True:
        try:
            data, control, _, peer = receive.recvmsg(4096, 256)
        except BlockingIOError:
            return
        if version == 4:
            source, target = text(4, data[12:16]), text(4, data[16:20])
            whole, data = checksum(data[:20]) == 0, data[20:]
        else:
            source, target, whole = peer[0], text(6, control[0][2][:16]), True
        if data[-8:-4] != MARK:
            continue
        identity = struct.unpack("!I", data[-4:])[0]
        first, second = struct.unpack("!HH", data[:4]) if protocol in ("udp", "tcp") else (data[0], data[1])
        if protocol in ("icmp", "icmpv6") and first != probes[identity]["from"]:
            continue
        whole = whole and transport_checksum(version, source, target, protocol, data) == 0
        seen = {"source": source, "target": target, "from": first, "to": second, "whole": whole}
        arrived[identity] = {"probe": identity, **seen}


def send_probes(probes):
    if not probes:
        return []
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for prefix in ("10.0.0.0/8", "198.51.100.0/24"):
        subprocess.run(["ip", "route", "add", "local", prefix, "dev", "lo"], check=True)
    for prefix in ("fd00::/16", "2001:db8::/32"):
        subprocess.run(["ip", "-6", "route", "add", "local", prefix, "dev", "lo"], check=True)
    send = {
        4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
        6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW),
    }
    receive = {kind: listener(*kind) for kind in {(probe["version"], probe["protocol"]) for probe in probes}}
    arrived = {}
    for identity, probe in enumerate(probes):
        try:
            send[probe["version"]].sendto(packet(probe, identity), (probe["target"], 0))
        except PermissionError:
            pass  # Dropped at the output hook: it does not arrive, and that is the answer.
        for kind, raw in receive.items():
            drain(raw, *kind, probes, arrived)
    # Loopback delivers within the sender's own call, except on a machine so busy that the kernel defers it.
    time.sleep(0.1)
    for kind, raw in receive.items():
        drain(raw, *kind, probes, arrived)
    return [arrived[identity] for identity in sorted(arrived)]


def main():
    with open(sys.argv[1]) as file:
        answers = send_batches(json.load(file))
    listing = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True)
    with open(sys.argv[2]) as file:
        arrived = send_probes(json.load(file))
    print(json.dumps({"answers": answers, "listing": listing.stdout + listing.stderr, "arrived": arrived}))


main()
