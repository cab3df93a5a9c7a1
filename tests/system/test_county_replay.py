"""A county whose database was put back to an old copy asks the gateway for what it has not any more."""
import re
import shutil
import subprocess

import county_gateway
import ledger
import numbered
import rig


def copy(source, target):
    """The receiver's file, which nobody has open."""
    for old in target.parent.glob(f"{target.name}*"):
        old.unlink()
    for part in source.parent.glob(f"{source.name}*"):
        shutil.copy(part, target.parent / part.name.replace(source.name, target.name))


def test_what_an_old_copy_lacks_comes_again(build, tmp_path, site, school, county_broker, servers):
    key = tmp_path / "command.key"
    keys = subprocess.run([build / "campus-county", "--make-command-key", key], capture_output=True, text=True,
                          check=True).stdout.splitlines()[-1]
    county = rig.County(build, tmp_path, county_broker.port, arguments=[
        "--command-key", key, "--ask-after", "1"]).start()
    servers.append(county)
    numbered.write_site(site, school.port, county_broker.port)
    settings = site.config / "gateway.yaml"
    settings.write_text(re.sub(r"county: \{", f"county: {{{keys}, ", settings.read_text()))
    gateway = site.gateway()
    publisher = numbered.NumberedPublisher(school.port, 20)

    def acknowledged():
        return gateway.get("status")["county"]["outbox_acknowledged"]

    def more(count):
        before = acknowledged()
        rig.wait_for(f"{count} rows more", lambda: acknowledged() >= before + count)

    more(50)
    county.stop()
    copy(county.database, tmp_path / "old.db")
    county.start()
    more(50)
    county.stop()
    copy(tmp_path / "old.db", county.database)
    county.start()
    rig.wait_for("a hole is seen", lambda: county_gateway.query(county, "select * from requests"))
    publisher.stop()
    numbered.finish(publisher, school.port, gateway, county, 60)
    rig.wait_for("nothing is asked for", lambda: county_gateway.query(county, "select * from requests") == [])
    total = gateway.get("status")["county"]["messages"]
    assert ledger.missing_and_doubled(county.database, total) == (0, 0)
    assert "ordered replay" in gateway.text()
