// sound.js - alarm sounds by WebAudio.  Browsers want one gesture first: turnOn().

let context = null;
let urgent = null; // severity that must be heard until it is acknowledged
let nextAt = 0;

// Notes as [frequency in Hz, start in s, length in s]; repeated every `every` seconds.
const tunes = {
  P1: { every: 1.2, gain: 0.5, wave: "square", notes: [[960, 0, 0.28], [720, 0.3, 0.28], [960, 0.6, 0.28], [720, 0.9, 0.28]] },
  P2: { every: 4, gain: 0.35, wave: "triangle", notes: [[880, 0, 0.22], [660, 0.26, 0.32]] },
  P3: { every: 0, gain: 0.25, wave: "sine", notes: [[660, 0, 0.25]] },
  P4: { every: 0, gain: 0.18, wave: "sine", notes: [[520, 0, 0.25]] },
  hello: { every: 0, gain: 0.25, wave: "sine", notes: [[660, 0, 0.12], [880, 0.14, 0.18]] },
};

function play(tune) {
  if (!isOn()) return;
  const from = context.currentTime + 0.02;
  for (const [frequency, start, length] of tune.notes) {
    const note = context.createOscillator();
    const volume = context.createGain();
    note.type = tune.wave;
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(0, from + start);
    volume.gain.linearRampToValueAtTime(tune.gain, from + start + 0.02);
    volume.gain.setValueAtTime(tune.gain, from + start + length - 0.04);
    volume.gain.linearRampToValueAtTime(0, from + start + length);
    note.connect(volume).connect(context.destination);
    note.start(from + start);
    note.stop(from + start + length);
  }
}

export function isOn() {
  return context !== null && context.state === "running";
}

// onChange is called whenever the browser itself stops or frees the sound.
export async function turnOn(onChange) {
  if (!context) {
    context = new AudioContext();
    context.addEventListener("statechange", onChange);
  }
  await context.resume();
  play(tunes.hello);
}

export async function turnOff() {
  if (context) await context.suspend();
}

// A new alarm: heard once, whatever its severity.
export function chime(severity) {
  if (tunes[severity]) play(tunes[severity]);
  nextAt = performance.now() + 1000 * (tunes[severity]?.every ?? 0);
}

// The most severe unacknowledged alarm, or null; P1 and P2 keep sounding.
export function keepSounding(severity) {
  urgent = severity && tunes[severity]?.every ? severity : null;
}

setInterval(() => {
  if (!urgent || performance.now() < nextAt) return;
  play(tunes[urgent]);
  nextAt = performance.now() + 1000 * tunes[urgent].every;
}, 100);
