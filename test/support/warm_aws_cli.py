"""The AWS CLI without its start: a process that has it loaded forks for each command line, which then runs as `aws` would have.

    python3 warm_aws_cli.py serve SOCKET      loads the CLI once, prints `ready`, serves until its input ends
    python3 -S -E warm_aws_cli.py run SOCKET ARGUMENT...   one command line, with this process's files, folder and environment

What runs is the installed CLI's own code, fresh in its own process; only Python's start, the imports and the reading of the
service models are done beforehand, which is most of what a call costs.
"""

import array
import json
import os
import signal
import socket
import struct
import sys
import traceback


def receive(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def run(path, words):
    """Hands everything over, waits for the exit code; a signal to us ends the command."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    what = json.dumps({"words": words, "folder": os.getcwd(), "environment": dict(os.environ)}).encode()
    files = array.array("i", [0, 1, 2])
    connection.sendmsg([struct.pack("!I", len(what))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
    connection.sendall(what)
    (child,) = struct.unpack("!i", receive(connection, 4))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda caught, _frame: os.kill(child, caught))
    (status,) = struct.unpack("!i", receive(connection, 4))
    sys.exit(status)


def serve(path):
    from awscli.clidriver import create_clidriver

    loader = create_clidriver().session.get_component("data_loader")
    loader.load_data("cli")
    for model in ("service-2", "paginators-1", "waiters-2", "endpoint-rule-set-1"):
        there = loader.list_available_services(model)
        for service in ("ec2", "sts", "ssm", "iam", "ram", "s3", "cloudformation", "lambda"):
            if service in there:
                loader.load_service_model(service, model)
    for file in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
        loader.load_data(file)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    watch_input()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            attend(connection, create_clidriver, loader)
        connection.close()


def watch_input():
    """Whoever started us is gone when our input ends."""
    import threading

    def wait():
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def attend(connection, create_clidriver, loader):
    """In a process of its own: the command in a child, and its end told to whoever asked for it."""
    try:
        head, ancillary, _, _ = connection.recvmsg(4, socket.CMSG_SPACE(3 * array.array("i").itemsize))
        files = array.array("i")
        for _, _, data in ancillary:
            files.frombytes(data)
        what = json.loads(receive(connection, struct.unpack("!I", head)[0]))
        child = os.fork()
        if child == 0:
            connection.close()
            command(what, files, create_clidriver, loader)
        for file in files:
            os.close(file)
        connection.sendall(struct.pack("!i", child))
        _, status = os.waitpid(child, 0)
        connection.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status) & 0xFF))
    finally:
        os._exit(0)


def command(what, files, create_clidriver, loader):
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(what["folder"])
    os.environ.clear()
    os.environ.update(what["environment"])
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in ((0, "r"), (1, "w"), (2, "w")))
    sys.argv = ["aws", *what["words"]]
    status = 255
    try:
        driver = create_clidriver()
        driver.session.register_component("data_loader", loader)
        status = driver.main(what["words"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except KeyboardInterrupt:
        status = 130
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass
    os._exit(status)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        run(sys.argv[2], sys.argv[3:])
