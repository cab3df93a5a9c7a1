"""gpio_check.py [BUILD] - the gateway on real kernel lines; runs inside the test machine.

Prints one line a promise, "ok NAME" or "not ok NAME: why", and figures as "figure NAME VALUE
UNIT"; tests/system/test_vm_gpio.py asserts each.  Lines are pulled and read from outside, by
the simulated chip's own files.
"""
import signal
import subprocess
import sys
import threading
import time

from gpio_expander import expander
from gpio_machine import BUILD, MS, WORK, Machine, Pulls, held, level, pull, rig

PULSES = 1000
PRESSES = 10
STORM_EDGES = 200  # of input.h
MIN_PULSE_S = 0.02  # of slow-meter
SILENCE_S = 5  # of holder_protocol.h
QUIET_S = 0.65  # longer than every debounce there is, twice that of a button
TALLY_S = 1.5   # longer than a counter waits before it tells
MARGIN_S = 3   # an emulated machine on a busy host


def see(condition, why):
    if not condition:
        raise AssertionError(why)


# --- promises: each a function, its name the promise; in this order ---------------------

PROMISES = []


def promise(function):
    PROMISES.append(function)
    return function


@promise
def levels_at_the_start_are_told(m):
    m.ear.wait("school/gate-south/door", 1, 0)       # pulled up before the start
    m.ear.wait("school/duty-room/door", 0, 0)        # the loop is closed: low
    m.ear.wait("school/gate-south/panic", 0, 0)


@promise
def a_contact_that_opens_is_told(m):
    since = time.monotonic()
    pull("DOOR", 0)
    m.ear.wait("school/gate-south/door", 0, since)
    pull("DOOR", 1)
    m.ear.wait("school/gate-south/door", 1, since)


@promise
def a_cut_loop_is_told(m):
    since = time.monotonic()
    pull("LOOP", 1)
    m.ear.wait("school/duty-room/door", 1, since)
    pull("LOOP", 0)
    m.ear.wait("school/duty-room/door", 0, since)


@promise
def a_bouncing_contact_is_told_once(m):
    since = time.monotonic()
    line = Pulls("BUTTON")
    for _ in range(8):
        line.pulse(3 * MS, 3 * MS)
    line.set(1)
    m.ear.wait("school/b1-201/door", 1, since)
    line.set(0)
    m.ear.wait("school/b1-201/door", 0, since)
    told = [v for _, v in m.ear.values("school/b1-201/door", since)]
    see(told == [1, 0], f"told {told}")


@promise
def a_short_bounce_is_not_told(m):
    line = Pulls("BUTTON")
    longest = 1
    while longest > 0.2:                        # a host that is too busy: once more
        time.sleep(QUIET_S)                     # what the one before was is over
        since = time.monotonic()
        longest = line.pulse(10 * MS, 0)[1]
    time.sleep(QUIET_S)                         # the pulse is a pulse by what does not follow
    see(m.ear.values("school/b1-201/door", since) == [], "told although shorter than debounce")


@promise
def the_first_edge_of_a_panic_button_is_told_before_its_debounce_ends(m):
    line = Pulls("PANIC")
    since = time.monotonic()
    line.pulse(4 * MS, 0)           # shorter than the quiet, released within it
    pressed = m.ear.wait("school/gate-south/panic", 1, since)
    released = m.ear.wait("school/gate-south/panic", 0, since)
    see(pressed < released, "told at the end only")
    see(released >= 0.3, f"released after {released:.3f} s, within the quiet")
    print(f"figure panic-edge-to-subscriber {pressed * 1000:.1f} ms")


@promise
def a_panic_button_sounds_its_siren_by_the_rules(m):
    line = Pulls("PANIC")
    took = []
    for _ in range(PRESSES):
        m.acknowledge("TF-01@panic")
        rig.wait_for("silence", lambda: level("STROBE") == 0)
        since = time.monotonic()
        line.set(1)
        while level("STROBE") == 0:
            see(time.monotonic() - since < 10, "no sound")
            time.sleep(0.2 * MS)
        took.append(time.monotonic() - since)
        line.set(0)
        time.sleep(QUIET_S)                     # a button that is pressed anew
    span = m.gateway.get("status")["latency"]["output_given"]
    print(f"figure edge-to-wire-median {sorted(took)[PRESSES // 2] * 1000:.1f} ms")
    print(f"figure edge-to-command-p50 {span['p50_us'] / 1000} ms")
    print(f"figure edge-to-command-p99 {span['p99_us'] / 1000} ms")
    m.acknowledge("TF-01@panic")
    rig.wait_for("silence", lambda: level("STROBE") == 0)


@promise
def pulses_are_counted_exactly(m):
    before = m.value("b1-202/pulses")[0] or 0
    line = Pulls("METER")
    for _ in range(PULSES):
        line.pulse(2 * MS, 2 * MS)
    rig.wait_for("all pulses", lambda: m.value("b1-202/pulses")[0] - before >= PULSES, 15)
    time.sleep(TALLY_S)                         # one too many would be told by then
    counted = m.value("b1-202/pulses")[0] - before
    see(counted == PULSES, f"{counted} of {PULSES}, {m.bus()['counters']}")


@promise
def a_pulse_that_is_too_short_is_not_counted(m):
    before = m.value("b1-203/pulses")[0] or 0
    line = Pulls("SLOW")
    widths = []
    for _ in range(10):
        widths += [line.pulse(2 * MS, 5 * MS), line.pulse(60 * MS, 10 * MS)]
    least = sum(shortest >= MIN_PULSE_S for shortest, _ in widths)
    most = sum(longest >= MIN_PULSE_S for _, longest in widths)
    see(least >= 10 and most < 20, f"a host too busy to tell: {widths}")
    rig.wait_for("the pulses", lambda: m.value("b1-203/pulses")[0] - before >= least, 15)
    time.sleep(TALLY_S)                         # one too many would be told by then
    counted = m.value("b1-203/pulses")[0] - before
    see(least <= counted <= most, f"{counted}, not {least} to {most}")


@promise
def a_storm_is_limited_counted_and_right_in_the_end(m):
    before = m.bus()
    since = time.monotonic()
    line = Pulls("NOISE")
    while "times a second" not in m.fault("noise"):
        see(time.monotonic() - since < 20, "the storm is not reported")
        for i in range(3000):
            line.set(i % 2)
    for i in range(3001):                       # ends high
        line.set(i % 2 == 0)
    rig.wait_for("the storm's end", lambda: not m.fault("noise"), 20)
    rig.wait_for("the level that is there", lambda: m.value("b1-204/door")[0] == 1)
    after = m.bus()
    told = after["samples"] - before["samples"]
    seconds = time.monotonic() - since          # on a busy host the edges come slowly
    see(told <= STORM_EDGES * (seconds + 2), f"{told} samples in {seconds:.1f} s")
    suppressed = after["counters"]["suppressed"] - before["counters"]["suppressed"]
    see(suppressed > 0, "nothing is counted as suppressed")
    print(f"figure storm-told {told} samples")
    since = time.monotonic()
    line.set(0)
    m.ear.wait("school/b1-204/door", 0, since)


@promise
def lines_beside_a_storm_are_heard(m):
    line = Pulls("NOISE")
    stop = threading.Event()

    def storm():
        i = 0
        while not stop.is_set():
            i += 1
            line.set(i % 2)
        line.set(0)

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        time.sleep(0.5)
        since = time.monotonic()
        pull("PANIC", 1)
        m.ear.wait("school/gate-south/panic", 1, since)
    finally:
        stop.set()
        thread.join()
        pull("PANIC", 0)
    rig.wait_for("the storm's end", lambda: not m.fault("noise"), 20)
    rig.wait_for("the level", lambda: m.value("b1-204/door")[0] == 0)


@promise
def an_overflow_of_the_kernel_leaves_the_level_right(m):
    """The daemon stands still while more edges come than the kernel keeps."""
    lost = m.bus()["counters"]["lost"]
    m.gateway.process.send_signal(signal.SIGSTOP)
    line = Pulls("DOOR")
    for _ in range(100):
        line.pulse(0, 0)
    line.set(0)                                 # it was high
    since = time.monotonic()
    m.gateway.process.send_signal(signal.SIGCONT)
    rig.wait_for("the level", lambda: m.value("gate-south/door")[0] == 0)
    pull("DOOR", 1)
    m.ear.wait("school/gate-south/door", 1, since)
    libraries = subprocess.run(["ldd", BUILD / "campus-gatewayd"], capture_output=True, text=True, check=True)
    if "libgpiod.so.2" not in libraries.stdout:  # 1.6 does not know what the kernel dropped
        see(m.bus()["counters"]["lost"] - lost >= 50, "what the kernel dropped is not counted")


@promise
def an_output_follows_through_the_holder(m):
    for value, expected in (("on", 1), ("off", 0)):
        m.write("gate-south/circuit", value)
        rig.wait_for("the wire", lambda e=expected: level("SIREN") == e)
        rig.wait_for("the point", lambda e=expected: m.value("gate-south/circuit")[0] == e)


@promise
def an_output_of_our_own_is_active_low(m):
    see(level("RELAY") == 1, "not off at the start")
    m.write("b1-202/circuit", "on")
    rig.wait_for("the wire", lambda: level("RELAY") == 0)
    m.write("b1-202/circuit", "off")


@promise
def an_output_in_its_safe_state_stays_there(m):
    see(level("RELEASE") == 1, "safe: on is low at the start")


@promise
def the_longest_time_on_ends_an_output(m):
    m.write("b1-201/circuit", "on")
    see(level("BELL") == 1, "it is not on")
    rig.wait_for("off", lambda: level("BELL") == 0, 1 + MARGIN_S)
    rig.wait_for("the point says so", lambda: m.value("b1-201/circuit")[0] == 0)


@promise
def a_longest_time_begins_anew_only_after_off(m):
    try:
        m.write("b1-201/circuit", "on")
        see(False, "on is taken though nobody has said off")
    except RuntimeError as refusal:
        see("only after off" in str(refusal), str(refusal))
    see(level("BELL") == 0, "it is on again")
    m.write("b1-201/circuit", "off")
    m.write("b1-201/circuit", "on")
    see(level("BELL") == 1, "it is not on after off")
    rig.wait_for("off", lambda: level("BELL") == 0, 1 + MARGIN_S)


@promise
def the_longest_time_holds_while_the_daemon_hangs(m):
    m.write("b1-201/circuit", "off")
    m.write("b1-201/circuit", "on")
    m.gateway.process.send_signal(signal.SIGSTOP)
    rig.wait_for("off", lambda: level("BELL") == 0, 1 + MARGIN_S)
    m.gateway.process.send_signal(signal.SIGCONT)
    rig.wait_for("the point says so", lambda: m.value("b1-201/circuit")[0] == 0)


@promise
def a_daemon_that_hangs_loses_its_outputs_and_gets_them_back(m):
    m.write("gate-south/circuit", "on")
    m.write("duty-room/circuit", "off")
    m.gateway.process.send_signal(signal.SIGSTOP)
    rig.wait_for("siren off", lambda: level("SIREN") == 0, SILENCE_S + MARGIN_S)
    rig.wait_for("release on", lambda: level("RELEASE") == 1, MARGIN_S)
    m.gateway.process.send_signal(signal.SIGCONT)
    rig.wait_for("siren on again", lambda: level("SIREN") == 1)
    rig.wait_for("release off again", lambda: level("RELEASE") == 0)


@promise
def a_killed_holder_is_found_again(m):
    see(level("SIREN") == 1, "the siren is not on")
    m.holder.kill()
    rig.wait_for("the fault is told", lambda: "campus-gpio-holder" in m.fault("siren"))
    rig.wait_for("the reading is bad", lambda: m.value("gate-south/circuit")[1] == "bad")
    since = time.monotonic()
    pull("DOOR", 0)                             # inputs go on
    m.ear.wait("school/gate-south/door", 0, since)
    pull("DOOR", 1)
    m.start_holder()
    rig.wait_for("siren on again", lambda: level("SIREN") == 1)
    rig.wait_for("no fault", lambda: not m.fault("siren"))
    rig.wait_for("a good reading", lambda: m.value("gate-south/circuit") == (1, "good"))


@promise
def a_siren_that_nobody_holds_is_told_and_sounds_when_it_is_held(m):
    line = Pulls("PANIC")
    m.acknowledge("TF-01@panic")
    rig.wait_for("silence", lambda: level("STROBE") == 0)
    m.holder.kill()
    rig.wait_for("what was taken is in doubt", lambda: m.output("gatehouse-south/circuit")["fault"])
    line.set(1)
    rig.wait_for("its alarm", lambda: not m.output("gatehouse-south/circuit")["taken"])
    told = rig.wait_for("the output's fault", 
                        lambda: [f for f in [m.output("gatehouse-south/circuit")["fault"]] if "STROBE" in f], 30)[0]
    see("'STROBE' of GPIO chip 'campus-sim'" in told and "campus-gpio-holder" in told, told)
    rig.wait_for("its warning", lambda: "output gatehouse-south/circuit: not on: " in m.gateway.text())
    m.start_holder()
    rig.wait_for("sound", lambda: level("STROBE") == 1)
    rig.wait_for("no fault", lambda: m.output("gatehouse-south/circuit")["taken"])
    rig.wait_for("its end", lambda: "output gatehouse-south/circuit: on, taken" in m.gateway.text())
    see(m.gateway.text().count("warning: output gatehouse-south/circuit") == 1, "said more than once")
    line.set(0)
    m.acknowledge("TF-01@panic")
    rig.wait_for("silence", lambda: level("STROBE") == 0)


@promise
def a_daemon_killed_and_back_in_time_keeps_its_siren(m):
    for _ in range(5):
        m.write("gate-south/circuit", "on")
        see(level("SIREN") == 1, "the siren is not on")
        m.gateway.kill()
        died = time.monotonic()
        is_on = level("SIREN") == 1
        m.start_gateway()
        if time.monotonic() - died < SILENCE_S:  # else this host was too busy: once more
            see(is_on, "off at once")
            see(level("SIREN") == 1, "off after the restart")
            break
    else:
        see(False, "a host too busy: no restart within the holder's patience")
    rig.wait_for("the point", lambda: m.value("gate-south/circuit")[0] == 1)
    time.sleep(SILENCE_S + 1)
    see(level("SIREN") == 1, "off although its daemon is there")


@promise
def a_killed_daemon_leaves_the_safe_states(m):
    m.write("gate-south/circuit", "on")
    m.write("duty-room/circuit", "off")
    see((level("SIREN"), level("RELEASE")) == (1, 0), "not as they were written")
    m.gateway.kill()
    died = time.monotonic()
    rig.wait_for("siren off", lambda: level("SIREN") == 0, SILENCE_S + MARGIN_S)
    print(f"figure killed-to-safe {time.monotonic() - died:.2f} s")
    rig.wait_for("release on", lambda: level("RELEASE") == 1, MARGIN_S)
    see(m.holder.running(), "the holder ended")


@promise
def a_daemon_that_stops_in_good_order_leaves_them_at_once(m):
    m.start_gateway()
    m.write("gate-south/circuit", "on")
    see(level("SIREN") == 1, "the siren is not on")
    m.gateway.stop()
    see(level("SIREN") == 0, "the siren is on after the stop")
    see(level("RELEASE") == 1, "the release is off after the stop")


@promise
def an_input_that_is_not_to_be_had_takes_no_other_with_it(m):
    """Another program holds one line, and the name of another is wrong."""
    odd = m.config / "devices.d/odd.yaml"
    odd.write_text('devices:\n  - {name: door-2, bus: board, line: NOWHERE, place: b1-205, '
                   'supervision: 1min, points: [{metric: door}]}\n')
    pull("BUTTON", 0)
    with held("DOOR"):
        m.start_gateway()
        rig.wait_for("the one that is taken", lambda: "'DOOR' of 'campus-sim' is taken" in m.fault("door"))
        rig.wait_for("the one that is not there", lambda: "'NOWHERE'" in m.fault("door-2"))
        since = time.monotonic()
        pull("BUTTON", 1)
        m.ear.wait("school/b1-201/door", 1, since)
        m.write("gate-south/circuit", "on")
        see(level("SIREN") == 1, "the siren follows")
        m.write("gate-south/circuit", "off")
        pull("BUTTON", 0)
    since = time.monotonic()
    m.ear.wait("school/gate-south/door", level("DOOR"), since, 20)
    rig.wait_for("it is well", lambda: not m.fault("door"))
    m.gateway.stop()
    odd.unlink()


@promise
def a_check_on_the_board_names_what_it_lacks(m):
    said = [line.split("warning: ")[1].split(" (")[0] for line in m.check_of_what_lacks() if "chip" in line]
    see(said == ["buses.other: no GPIO chip of this machine has this label",
                 "buses.numbered: a chip's number is another one with the next kernel",
                 "devices.horn: its chip has no line of this name"], f"said {said}")


@promise
def an_output_whose_line_is_not_there_is_named(m):
    absent = m.config / "devices.d/absent.yaml"
    absent.write_text('devices:\n  - {name: horn, bus: board, line: NOWHERE, direction: out, place: b1-205, '
                      'supervision: 1min, points: [{metric: circuit}]}\n'
                      'outputs:\n  - {name: sound, points: [b1-205/circuit], on_for: 3min}\n')
    m.start_gateway()
    told = rig.wait_for("the output's fault", lambda: m.output("b1-205/circuit")["fault"])
    see("'NOWHERE'" in told and "'campus-sim'" in told, told)
    rig.wait_for("its warning", lambda: "warning: output b1-205/circuit: not off: " in m.gateway.text())
    m.gateway.stop()
    absent.unlink()


@promise
def a_chip_that_goes_and_returns_has_its_outputs_as_asked(m):
    with expander(m) as chip:
        m.start_gateway()
        m.write("b1-204/circuit", "off")
        m.write("b1-203/circuit", "on")
        see((chip.level("VALVE"), chip.level("LAMP")) == (0, 1), "not as they were written")
        chip.unplug()
        m.wait_bad("b1-205/circuit", "b1-204/circuit", "b1-203/circuit", "b1-203/door")
        rig.wait_for("its fault", lambda: "'campus-expander'" in m.fault("horn"))
        pull("PANIC", 1)
        rig.wait_for("not switched", lambda: "'HORN'" in m.output("b1-205/circuit")["fault"], 20)
        rig.wait_for("its alarm", lambda: m.alarm("SY-04@gateway").get("active"), 20)
        rig.wait_for("the other chip's", lambda: level("STROBE") == 1)
        since = time.monotonic()
        chip.plug()
        chip.pull("HATCH", 1)
        rig.wait_for("the horn", lambda: chip.level("HORN") == 1, 20)
        print(f"figure chip-back-to-level {time.monotonic() - since:.1f} s")
        m.wait_good({"b1-205/circuit": 1, "b1-204/circuit": 0, "b1-203/circuit": 1, "b1-203/door": 1})
        see((chip.level("VALVE"), chip.level("LAMP")) == (0, 1), "not as they were asked for")
        rig.wait_for("no fault", lambda: not m.fault("horn") and m.output("b1-205/circuit")["taken"])
        rig.wait_for("the end", lambda: not m.alarm("SY-04@gateway").get("active"), 20)
        pull("PANIC", 0)
        m.acknowledge("TF-01@panic")
        rig.wait_for("silence", lambda: chip.level("HORN") == 0)
        m.gateway.stop()


@promise
def a_chip_that_returns_without_a_daemon_is_made_safe(m):
    with expander(m) as chip:
        m.start_gateway()
        m.write("b1-204/circuit", "off")
        m.write("b1-205/circuit", "on")
        chip.unplug()
        m.wait_bad("b1-205/circuit")
        m.gateway.kill()
        time.sleep(SILENCE_S + 1)
        chip.plug()
        rig.wait_for("the valve is safe", lambda: chip.level("VALVE") == 1, 20)
        see(chip.level("HORN") == 0, "the horn sounds though no daemon asks for it")


@promise
def a_chip_without_permission_is_no_missing_chip(m):
    """As a user that may not open it."""
    with m.gateway_of_nobody() as log:
        rig.wait_for("no permission", lambda: "no permission" in log.read_text()
                     and "group 'gpio'" in log.read_text())


def main():
    pull("DOOR", 1)
    m = Machine()
    m.start_holder()
    m.start_gateway()
    failed = 0
    for check in PROMISES:
        begun = time.monotonic()
        try:
            check(m)
            print(f"ok {check.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
        except Exception as error:  # each promise is judged by itself
            failed += 1
            print(f"not ok {check.__name__}: {type(error).__name__}: {error}", flush=True)
            if m.gateway.running():
                m.gateway.process.send_signal(signal.SIGCONT)
    print(f"figure promises {len(PROMISES)} checked")
    if failed:
        for log in WORK.glob("*.log"):
            print(f"--- {log.name}\n{log.read_text()[-3000:]}")
    return 1 if failed else 0


sys.exit(main())
