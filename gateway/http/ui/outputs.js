// outputs.js - sirens, lamps and other outputs: what each should be, what it is.
import { clockOf, make } from "./cards.js";
import { titleOf, word } from "./words.js";

// Taken, its device is there and does not say otherwise.
export function isRight(output) {
  return output.taken && !output.fault && (output.value === null || output.value === Number(output.on));
}

const stateOf = (isOn) => word(isOn ? "switched_on" : "switched_off");

function sayingOf(output) {
  if (output.taken && output.fault) return word("in_doubt", stateOf(output.on), output.fault);
  if (!output.taken) return word("not_taken", stateOf(output.on), output.fault);
  if (!isRight(output)) return word("otherwise", stateOf(output.on), stateOf(output.value !== 0));
  return stateOf(output.on);
}

function rowOf(output, now) {
  const row = make("li", `item ${isRight(output) ? "fine" : "warn"}`);
  row.dataset.point = output.point;
  row.append(make("b", "", titleOf(output.place_title, output.point)), ` ${sayingOf(output)}`);
  if (output.since) row.append(` · ${word("since", clockOf(output.since, now))}`);
  row.append(make("span", "code", [output.point, output.device].filter(Boolean).join(" · ")));
  return row;
}

export function showOutputs(section, outputs, now) {
  section.hidden = outputs.length === 0;
  section.querySelector("ul").replaceChildren(...outputs.map((output) => rowOf(output, now)));
}
