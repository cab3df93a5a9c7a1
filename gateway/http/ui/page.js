// page.js - the guard's page: alarms, sound, acknowledge, live by server-sent events.
import { chime, isOn, keepSounding, turnOff, turnOn } from "./sound.js";
import { make, needsAcknowledge, placeOf, showCards } from "./cards.js";
import { showOutputs } from "./outputs.js";
import { stripItems } from "./strip.js";
import { current, fillWords, switchLanguage, titleOf, word } from "./words.js";

const LATE_MS = 5000; // a heartbeat comes every second
const STATUS_MS = 5000;
const RELOAD_MS = 15000; // alarms are read anew even if no event said so

const at = (id) => document.getElementById(id);
const severities = ["P1", "P2", "P3", "P4"];

const state = {
  alarms: [],
  now: null, // school time as the gateway last said it
  status: null,
  places: null,
  known: new Map(), // id → uid that was announced
  isFirst: true,
  lastSign: performance.now(),
  stream: null,
};

async function get(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// One reading of the alarms at a time; whoever asks meanwhile gets one more after it.
let loading = null;
let isAskedAgain = false;
function loadAlarms() {
  if (loading) {
    isAskedAgain = true;
    return loading;
  }
  loading = get("api/v1/alarms")
    .then(takeAlarms)
    .catch(() => {})
    .finally(() => {
      loading = null;
      if (isAskedAgain) {
        isAskedAgain = false;
        loadAlarms();
      }
    });
  return loading;
}

function takeAlarms(list) {
  state.alarms = list.alarms;
  state.now = list.school_time ?? state.now;
  announceNew();
  show();
}

// A new activation of an alarm has a new uid.  What stood before the page came does
// not chime, but an unacknowledged P1 of then sounds all the same.
function announceNew() {
  const fresh = state.alarms.filter((a) => needsAcknowledge(a) && state.known.get(a.id) !== a.uid);
  state.known = new Map(state.alarms.map((a) => [a.id, a.uid]));
  if (fresh.length > 0 && !state.isFirst) {
    fresh.sort((a, b) => a.severity.localeCompare(b.severity));
    chime(fresh[0].severity);
    at("announce").textContent = fresh
      .map((a) => word("new_alarm", word(a.severity), titleOf(a.title, a.rule), placeOf(a)))
      .join("; ");
  }
  state.isFirst = false;
}

// A sentence in the page's language, and behind it what the gateway said, in English.
function showFault(sentence, detail) {
  at("fault").hidden = !sentence;
  at("fault").replaceChildren(sentence);
  if (!detail) return;
  const said = make("span", "detail", detail);
  said.lang = "en";
  at("fault").append(" ", said);
}

// Whoever acts says so: a name that the page made up would stand in the journal.
function operatorName() {
  const name = at("operator").value.trim();
  at("operator").setAttribute("aria-invalid", String(!name));
  if (name) return name;
  showFault(word("operator_missing"));
  at("operator").focus();
  return null;
}

async function act(id, verb, fields) {
  const by = operatorName();
  if (!by) return;
  let fault = [""];
  try {
    const answer = await fetch(`api/v1/alarms/${encodeURIComponent(id)}/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ by, ...fields }),
    });
    const said = await answer.json();
    if (!answer.ok) fault = [word("failed"), said.detail ?? String(answer.status)];
    else if (said.kept === false) fault = [word("unkept"), said.why];
  } catch {
    fault = [word("unreachable")];
  }
  showFault(...fault);
  await loadAlarms();
}

function showCounts() {
  const open = state.alarms.filter(needsAcknowledge);
  const active = state.alarms.filter((a) => a.active);
  const rows = [
    ["unacknowledged_count", open.length, open.length > 0 ? "hot" : ""],
    ["active_count", active.length, ""],
    ...severities.map((s) => [s, state.alarms.filter((a) => a.severity === s).length, s]),
  ];
  at("counts").replaceChildren(
    ...rows.map(([key, n, className]) => {
      const item = make("li", `${className} ${n === 0 ? "none" : ""}`);
      item.append(make("b", "", state.isFirst ? "…" : String(n)), make("span", "", word(key)));
      return item;
    }),
  );
}

function showStrip() {
  at("strip").replaceChildren(...stripItems(state.status, state.places));
  showOutputs(at("outputs"), state.status?.outputs ?? [], state.status?.school_time);
}

function showSound() {
  at("sound").textContent = word(isOn() ? "sound_off" : "sound_on");
  at("sound").setAttribute("aria-pressed", String(isOn()));
  at("silent").hidden = isOn();
}

function show(isNewLanguage = false) {
  const open = state.alarms.filter(needsAcknowledge).map((a) => a.severity).sort();
  keepSounding(open[0] ?? null);
  showCounts();
  showCards(at("alarms"), state.alarms, state.now, act, isNewLanguage);
  at("calm").hidden = state.isFirst || state.alarms.length > 0;
}

function showLanguage() {
  fillWords();
  at("language").textContent = word("language");
  at("language").lang = current() === "zh" ? "en" : "zh-CN";
  at("counts").setAttribute("aria-label", word("counts_label"));
  at("alarms").setAttribute("aria-label", word("alarms_label"));
  at("strip").setAttribute("aria-label", word("strip_label"));
  at("announce").textContent = "";
  showSound();
  showStrip();
  show(true);
}

// The heartbeat tells the time in UTC, the alarm list in the school's zone.
function takeTime(utc) {
  const zone = /[+-]\d\d:\d\d$/.exec(state.now ?? "")?.[0];
  const moment = Date.parse(utc);
  if (!zone || Number.isNaN(moment)) return;
  const minutes = (zone[0] === "-" ? -1 : 1) * (60 * zone.slice(1, 3) + Number(zone.slice(4, 6)));
  state.now = new Date(moment + 60000 * minutes).toISOString().slice(0, 19) + zone;
  at("clock").textContent = state.now.slice(11, 19);
  at("clock").dateTime = state.now;
}

function sign() {
  state.lastSign = performance.now();
  at("stale").hidden = true;
}

function listen() {
  const stream = new EventSource("api/v1/events");
  state.stream = stream;
  stream.addEventListener("open", () => {
    sign();
    loadAlarms();
    loadStatus();
  });
  stream.addEventListener("heartbeat", (event) => {
    sign();
    takeTime(JSON.parse(event.data).time);
  });
  stream.addEventListener("alarm", () => {
    sign();
    loadAlarms();
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

function watch() {
  const late = performance.now() - state.lastSign;
  if (late <= LATE_MS) return;
  at("stale").textContent = word("stale", Math.floor(late / 1000));
  at("stale").hidden = false;
  // a stream that hangs without an error is replaced
  if (late > 4 * LATE_MS && state.stream?.readyState === EventSource.OPEN) {
    state.stream.close();
    listen();
  }
}

let isBlinkOn = false;
function blink() {
  const open = state.alarms.filter(needsAcknowledge);
  isBlinkOn = open.length > 0 && !isBlinkOn;
  document.title = isBlinkOn ? `🔴 (${open.length}) ${titleOf(open[0].title, open[0].rule)}` : word("title");
}

async function loadStatus() {
  try {
    state.status = await get("api/v1/status");
    state.places ??= (await get("api/v1/places")).places;
  } catch {
    return; // the heartbeat's banner tells
  }
  showStrip();
}

at("operator").value = localStorage.getItem("operator") ?? "";
at("operator").placeholder = "岗位 / post";
at("operator").addEventListener("change", () => localStorage.setItem("operator", at("operator").value.trim()));
at("language").addEventListener("click", () => {
  switchLanguage();
  showLanguage();
});
at("sound").addEventListener("click", async () => {
  await (isOn() ? turnOff() : turnOn(showSound));
  showSound();
});

showLanguage();
loadAlarms();
loadStatus();
listen();
setInterval(watch, 500);
setInterval(blink, 1000);
setInterval(loadStatus, STATUS_MS);
setInterval(loadAlarms, RELOAD_MS);
