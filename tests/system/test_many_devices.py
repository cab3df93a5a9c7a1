"""A large school: what is configured is shown, however much it is."""

DEVICES = 1100


def test_every_device_is_shown(site):
    site.shipped()
    site.gateway_yaml()
    lines = ['buses: [{name: far, driver: mqtt, broker: "mqtt://127.0.0.1:1"}]', "devices:"]
    lines += [f"  - {{name: d{i}, bus: far, topic: t/{i}, place: canteen, supervision: 30min,"
              f" points: [{{metric: temperature, name: n{i}, path: v}}]}}" for i in range(DEVICES)]
    site.write("devices.d/example.yaml", "\n".join(lines) + "\n")
    devices = site.gateway().get("devices")["devices"]
    assert len({device["name"] for device in devices}) == DEVICES
