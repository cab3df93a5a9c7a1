"""A pymodbus server in a process of its own, for pymodbus 3.0 (Debian 12, which needs
python3-serial-asyncio) and 3.8 (Debian 13).

    pymodbus_shim.py tcp PORT | rtu DEVICE BAUD

reads one JSON object from standard input: {"unit": 1, "coils": […], "inputs": […],
"holding": […], "input": […]}, each list from wire address 0, and serves it.
"""
import json
import sys

from pymodbus.datastore import (ModbusSequentialDataBlock, ModbusServerContext,
                                ModbusSlaveContext)
from pymodbus.server import StartSerialServer, StartTcpServer

try:
    from pymodbus.framer import FramerType
    RTU = FramerType.RTU
except ImportError:
    from pymodbus.transaction import ModbusRtuFramer as RTU


def block(values):
    """Both versions count a block from 1 where the wire counts from 0."""
    return ModbusSequentialDataBlock(1, values or [0])


def context(image):
    slave = ModbusSlaveContext(co=block(image["coils"]), di=block(image["inputs"]),
                               hr=block(image["holding"]), ir=block(image["input"]))
    return ModbusServerContext(slaves={image["unit"]: slave}, single=False)


def main(kind, place, baud="9600"):
    served = context(json.loads(sys.stdin.readline()))
    if kind == "tcp":
        StartTcpServer(context=served, address=("127.0.0.1", int(place)))
    else:
        StartSerialServer(context=served, framer=RTU, port=place, baudrate=int(baud),
                          bytesize=8, parity="N", stopbits=1, timeout=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
