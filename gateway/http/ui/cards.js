// cards.js - one card an alarm; cards stay in place while their alarm does, so that
// focus and half-written reasons survive an update.
import { word, stateWord, titleOf } from "./words.js";

const toAcknowledge = new Set(["unacknowledged", "returned", "latched"]);
const shelvable = new Set(["unacknowledged", "acknowledged", "returned"]);
const minutes = [15, 30, 60, 120, 480];

export function needsAcknowledge(alarm) {
  return toAcknowledge.has(alarm.state);
}

export function placeOf(alarm) {
  return titleOf(alarm.object_title, alarm.object);
}

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// "2026-11-23T08:20:31.250+08:00" → "08:20:31", with the date when it is not today's.
export function clockOf(time, now) {
  if (!time) return "--";
  const clock = time.slice(11, 19);
  return now && time.slice(0, 10) !== now.slice(0, 10) ? `${time.slice(5, 10)} ${clock}` : clock;
}

function ageOf(time, now) {
  if (!time || !now) return "";
  return word("ago", Math.max(0, (Date.parse(now) - Date.parse(time)) / 1000));
}

function fact(list, name, value) {
  if (!value) return;
  const row = make("div");
  row.append(make("dt", "", name), make("dd", "", value));
  list.append(row);
}

// a contact's 0 or 1 says nothing that the title does not
function saysMore(value) {
  return value !== null && value !== 0 && value !== 1;
}

function withUnit(value, unit) {
  return `${Number(value.toPrecision(5))}${unit ? ` ${unit}` : ""}`;
}

// The value that raised the alarm, and where its cause is gone the one at its end.
function valuesOf(list, { raised_value, value, unit, active }) {
  if (saysMore(raised_value)) fact(list, word("value"), withUnit(raised_value, unit));
  if (!active && saysMore(value) && value !== raised_value) fact(list, word("value_at_return"), withUnit(value, unit));
}

function factsOf(alarm, now) {
  const list = make("dl", "facts");
  const count = alarm.raised > 1 ? ` · ${word("times", alarm.raised)}` : "";
  fact(list, word("raised"), `${clockOf(alarm.raised_at, now)} · ${ageOf(alarm.raised_at, now)}${count}`);
  valuesOf(list, alarm);
  if (alarm.actor) {
    const comment = alarm.comment ? `${word("colon")}${alarm.comment}` : "";
    // "guard:" only says that the name came from a page without users
    const actor = alarm.actor.replace(/^guard:/, "");
    fact(list, word("by"), `${actor} · ${clockOf(alarm.changed_at, now)}${comment}`);
  }
  return list;
}

function button(text, className, label, onPress) {
  const element = make("button", className, text);
  element.type = "button";
  element.setAttribute("aria-label", label);
  element.addEventListener("click", onPress);
  return element;
}

function shelveForm(alarm, act) {
  const details = make("details", "shelve");
  const form = make("form");
  const time = make("select");
  const reason = make("input");
  for (const n of minutes) time.append(new Option(word("minute", n), n));
  time.value = 30;
  time.setAttribute("aria-label", word("minutes"));
  reason.required = true;
  reason.maxLength = 80;
  reason.placeholder = word("reason_hint");
  reason.setAttribute("aria-label", word("reason"));
  form.append(time, reason, make("button", "quiet", word("shelve_now")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(alarm.id, "shelve", { minutes: Number(time.value), comment: reason.value.trim() });
  });
  details.append(make("summary", "", word("shelve")), form);
  return details;
}

function buttonsOf(alarm, act) {
  const row = make("div", "buttons");
  const name = titleOf(alarm.title, alarm.rule);
  const add = (verb, key, className) =>
    row.append(button(word(key), className, `${word(key)} ${name} ${placeOf(alarm)}`, (event) => {
      event.target.disabled = true;
      act(alarm.id, verb, {}).finally(() => { event.target.disabled = false; });
    }));
  if (needsAcknowledge(alarm)) add("ack", "acknowledge", "primary");
  if (alarm.state === "latched-acknowledged") add("reset", "reset", "primary");
  if (alarm.state === "shelved") add("unshelve", "unshelve", "quiet");
  if (alarm.severity !== "P1" && shelvable.has(alarm.state)) row.append(shelveForm(alarm, act));
  return row;
}

function fill(card, alarm, now, act) {
  card.className = `card ${alarm.severity} ${needsAcknowledge(alarm) ? "open" : "seen"}`;
  card.dataset.id = alarm.id;
  const head = make("div", "head");
  head.append(make("span", "severity", word(alarm.severity)), make("span", "state", stateWord(alarm.state)));
  if (alarm.test) head.append(make("span", "state", word("test")));
  const name = make("h2", "", titleOf(alarm.title, alarm.rule));
  const where = make("p", "where", placeOf(alarm));
  where.append(make("span", "code", alarm.id));
  const text = make("div", "text");
  text.append(head, name, where);
  const action = titleOf(alarm.action, "");
  if (action) {
    const todo = make("p", "todo");
    todo.append(make("b", "", word("action")), ` ${action}`);
    text.append(todo);
  }
  text.append(factsOf(alarm, now));
  if (alarm.basis) text.append(make("p", "basis", `${word("basis")}${word("colon")}${alarm.basis}`));
  card.replaceChildren(text, buttonsOf(alarm, act));
}

// refill keeps what a person is doing: an open form, the focused button.
function refill(card, alarm, now, act) {
  const verb = document.activeElement?.closest?.(".card") === card ? document.activeElement.className : null;
  if (card.querySelector("details[open]") && card.dataset.state === alarm.state) return;
  fill(card, alarm, now, act);
  card.dataset.state = alarm.state;
  if (verb) (card.querySelector(`button.${verb || "primary"}`) ?? card.querySelector("button"))?.focus();
}

export function showCards(list, alarms, now, act, isNewLanguage) {
  const cards = new Map([...list.children].map((card) => [card.dataset.id, card]));
  let place = list.firstElementChild;
  for (const alarm of alarms) {
    const known = cards.get(alarm.id);
    cards.delete(alarm.id);
    const card = known ?? make("li");
    if (isNewLanguage) card.replaceChildren();
    refill(card, alarm, now, act);
    if (card === place) place = place.nextElementSibling;
    else list.insertBefore(card, place);
  }
  for (const card of cards.values()) card.remove();
}
