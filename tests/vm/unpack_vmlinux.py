"""unpack_vmlinux.py VMLINUZ OUT - takes the kernel out of its compressed image.

An emulated processor needs seconds to unpack it at every boot, the host one second once.
Source: Documentation/arch/x86/boot.rst, payload_offset and payload_length (protocol 2.08).
"""
import lzma
import struct
import sys
import zlib

SETUP_SECTORS = 0x1F1
PAYLOAD = 0x248
SECTOR = 512


def payload(image):
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    start = (image[SETUP_SECTORS] + 1) * SECTOR + offset
    return image[start:start + length]


def unpack(packed):
    if packed.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(packed)
    if packed.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed)
    sys.exit(f"the kernel is packed in a way that is not known here: {packed[:6]!r}")


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        kernel = unpack(payload(file.read()))
    if not kernel.startswith(b"\x7fELF"):
        sys.exit("what was packed is no ELF file")
    with open(target, "wb") as file:
        file.write(kernel)


main()
