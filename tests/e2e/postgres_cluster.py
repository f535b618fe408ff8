"""A private PostgreSQL in a folder, for tests and benchmarks."""

import glob
import os
import shutil
import signal
import subprocess
import time

from store_check import SECRET, fail, wait_for


def find(program):
    """Debian keeps the server's programs out of the path."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"))
    path = found[-1] if found else shutil.which(program)
    if not path:
        fail(f"{program} is missing: run scripts/setup.sh")
    return path


class Cluster:
    def __init__(self, folder):
        # The server refuses to be root; the folder has to be its own.
        self.become = []
        os.makedirs(folder)
        if os.geteuid() == 0:
            os.chmod(os.path.dirname(folder), 0o755)
            shutil.chown(folder, "postgres", "postgres")
            self.become = ["runuser", "-u", "postgres", "--"]
        self.folder, self.data = folder, f"{folder}/data"
        password = f"{folder}/password"
        with open(password, "w", encoding="utf-8") as file:
            file.write(SECRET)
        self.run(find("initdb"), "-D", self.data, "-U", "owner", "-A",
                 "scram-sha-256", "--pwfile", password, "--no-sync")
        self.start()
        self.sql(f"CREATE ROLE qalpha LOGIN PASSWORD '{SECRET}'")
        self.sql("CREATE DATABASE qalpha OWNER qalpha")

    def run(self, *command, must=True):
        done = subprocess.run([*self.become, *command], capture_output=True,
                              text=True, check=False, cwd="/")
        if must and done.returncode != 0:
            fail(f"{command[0]}: {done.stdout[-500:]} {done.stderr[-500:]}")
        return done.returncode == 0

    def sql(self, text, database="postgres", user="owner"):
        done = subprocess.run(
            ["psql", "-h", self.folder, "-U", user, "-d", database, "-qAtX",
             "-v", "ON_ERROR_STOP=1", "-c", text],
            env=os.environ | {"PGPASSWORD": SECRET}, capture_output=True,
            text=True, check=False)
        if done.returncode != 0:
            fail(f"psql: {done.stderr}")
        return done.stdout.strip()

    def control(self, *words, must=True):
        # Without its own output the server would keep ours open.
        return self.run(find("pg_ctl"), "-D", self.data, "-l",
                        f"{self.folder}/log", "-w", *words, must=must)

    def start(self):
        settings = f"-k {self.folder} -h ''"
        # After a kill its children need a moment to see that they are orphans.
        wait_for(lambda: self.control("-o", settings, "start", must=False),
                 "PostgreSQL starts")

    def processes(self):
        with open(f"{self.data}/postmaster.pid", encoding="utf-8") as file:
            head = int(file.readline())
        with open(f"/proc/{head}/task/{head}/children", encoding="utf-8") as file:
            return [head] + [int(x) for x in file.read().split()]

    def signal_all(self, number):
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def kill(self):
        head = self.processes()[0]
        self.signal_all(signal.SIGKILL)
        wait_for(lambda: not os.path.exists(f"/proc/{head}"), "the kill works")

    def stop(self, mode="fast"):
        self.control("-m", mode, "stop")

    def freeze(self, seconds):
        self.signal_all(signal.SIGSTOP)
        time.sleep(seconds)
        self.signal_all(signal.SIGCONT)
