"""school.py BUILD -- EMULATOR...: the demonstration's school on a gateway and a receiver of
another machine, until it has taken readings by every protocol and raised every alarm."""
import json
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/sim"))

import demo  # noqa: E402
import rig  # noqa: E402

PATIENCE_S = 240  # an emulator on a busy machine


def shown(school):
    """True once nothing that the demonstration promises is missing but the county's word."""
    if not school.gateway.running():
        raise RuntimeError(f"the gateway ended: {school.gateway.text()}")
    return all(school.gateway.get("status")["readings"][name]
               for name in ("mqtt", "modbus-rtu", "modbus-tcp")) and all(school.raised().values())


def main():
    build, emulator = pathlib.Path(sys.argv[1]).resolve(), sys.argv[3:]
    folder = tempfile.mkdtemp(prefix="campus-arm64-")
    school = demo.Demo(build, folder)
    for server in (school.gateway, school.county):
        server.command = [*emulator, *server.command]
    missing = ["the run itself"]
    try:
        school.start()
        rig.wait_for("readings by every protocol and every alarm", lambda: shown(school), PATIENCE_S)
        result = school.finish()
        missing = demo.shortfalls(result)
        print("arm64 under qemu-user: " + json.dumps(result, separators=(",", ":")))
    except (RuntimeError, TimeoutError, OSError) as error:
        print(f"arm64: {error}", file=sys.stderr)
    finally:
        school.stop()
    for text in missing:
        print(f"arm64: {text}", file=sys.stderr)
    if not missing:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
