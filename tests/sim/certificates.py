"""A CA of the tests' own, and what it signs."""
import pathlib
import subprocess


class Authority:
    def __init__(self, folder, name="ca", days=2):
        self.folder, self.name = pathlib.Path(folder), name
        self._run("req", "-x509", *self._new_key(name), "-days", str(days), "-subj", f"/CN={name}", "-out", self.ca)

    @property
    def ca(self):
        return self.folder / f"{self.name}.pem"

    def sign_until(self, name, end):
        """A certificate that ends at @end, a time in UTC; its file and its key's."""
        request, certificate, config = (self.folder / f"{name}.{last}" for last in ("csr", "pem", "conf"))
        for list_of_signed in (self.folder / "index.txt", self.folder / "index.txt.attr"):
            list_of_signed.write_text("")
        config.write_text(f"[ca]\ndefault_ca=own\n[own]\ndatabase={self.folder}/index.txt\nrand_serial=yes\n"
                          f"new_certs_dir={self.folder}\npolicy=any\n[any]\ncommonName=supplied\n")
        self._run("req", *self._new_key(name), "-subj", f"/CN={name}", "-out", request)
        self._run("ca", "-batch", "-config", config, "-cert", self.ca, "-keyfile", self.folder / f"{self.name}.key",
                  "-md", "sha256", "-notext", "-enddate", f"{end:%Y%m%d%H%M%SZ}", "-in", request, "-out", certificate)
        return certificate, self.folder / f"{name}.key"

    def sign(self, name, *hosts):
        """A certificate for @hosts ("DNS:localhost", "IP:127.0.0.1"); its file and its key's."""
        names = ",".join(hosts) or "DNS:nobody"
        request, certificate, extension = (self.folder / f"{name}.{end}" for end in ("csr", "pem", "ext"))
        extension.write_text(f"subjectAltName={names}\n")
        self._run("req", *self._new_key(name), "-subj", f"/CN={name}", "-out", request)
        self._run("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.folder / f"{self.name}.key",
                  "-CAcreateserial", "-days", "2", "-extfile", extension, "-out", certificate)
        return certificate, self.folder / f"{name}.key"

    def _new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                self.folder / f"{name}.key"]

    @staticmethod
    def _run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
