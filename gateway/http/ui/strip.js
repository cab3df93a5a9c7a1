// strip.js - how the gateway is, in one line at the foot of the page.
import { make } from "./cards.js";
import { isRight } from "./outputs.js";
import { word } from "./words.js";

const HOUR_S = 3600;

function strip(name, value, kind) {
  const item = make("span", `item ${kind ?? ""}`);
  item.append(make("b", "", name), ` ${value}`);
  return item;
}

// What is wrong with the store in the page's words, and behind it its own.
function storeItem(store) {
  if (!store.fault) return strip(word("store"), word("fine"), "fine");
  const key = store.away ? "store_away" : store.fault === store.notice ? "store_replaced" : "store_fault";
  const item = strip(word("store"), word(key), "warn");
  const said = make("span", "detail", store.fault);
  said.lang = "en";
  item.append(" ", said);
  return item;
}

// What is said of a connection, and how it looks.
function linkWords(link, tail) {
  if (link.enabled === false) return [word("off"), ""];
  return [word(link.connected ? "connected" : "disconnected") + tail, link.connected ? "fine" : "warn"];
}

function countyWords(county) {
  if (county.contested) return [word("contested"), "warn"];
  const { waiting = 0, oldest_s = 0, bytes = 0, dropped = 0 } = county.outbox ?? {};
  const age = oldest_s >= HOUR_S ? ` · ${word("oldest", Math.floor(oldest_s / HOUR_S))}` : "";
  const size = oldest_s >= HOUR_S ? ` · ${(bytes / 1e6).toFixed(1)} MB` : "";
  const left = waiting > 0 ? ` · ${word("waiting", waiting)}${age}${size}` : "";
  return linkWords(county, left + (dropped > 0 ? ` · ${word("dropped", dropped)}` : ""));
}

function pointsItem({ total, good, uncertain, bad }) {
  const detail = `${word("good")} ${good} · ${word("uncertain")} ${uncertain} · ${word("bad")} ${bad}`;
  return strip(word("points"), `${total}${word("bracket", detail)}`, bad > 0 ? "warn" : "fine");
}

function outputsItem(outputs) {
  const right = outputs.filter(isRight).length;
  return strip(word("outputs"), `${right}/${outputs.length}`, right < outputs.length ? "warn" : "fine");
}

// Why a bus is not fine: it hangs, or devices of it are silent or have failed.
function busDoubt({ name, health, devices, failed }) {
  if (health === "hung") return ` · ${word("hung", name)}`;
  const isMissed = health === "online" && failed?.length > 0;
  return isMissed ? ` · ${word("devices_missed", name, failed.length, devices)}` : "";
}

// How many buses are online, and what is wrong with which.
function busesItem(buses) {
  const online = buses.filter((b) => b.health === "online").length;
  const doubts = buses.map(busDoubt).join("");
  const isFine = online === buses.length && doubts === "";
  return strip(word("buses"), `${online}/${buses.length}${doubts}`, isFine ? "fine" : "warn");
}

// stripItems - of the status and the places; either may be null yet.
export function stripItems(s, places) {
  const items = [];
  if (places) items.push(strip(word("rooms"), places.length));
  if (s?.points) items.push(pointsItem(s.points));
  if (s?.buses) items.push(busesItem(s.buses));
  if (s?.outputs?.length > 0) items.push(outputsItem(s.outputs));
  if (s?.store) items.push(storeItem(s.store));
  if (s?.county) items.push(strip(word("county"), ...countyWords(s.county)));
  if (s?.local) items.push(strip(word("local"), ...linkWords(s.local, "")));
  if (s?.config?.standing && s.config.standing !== "confirmed")
    items.push(strip(word("config"), word(s.config.standing, s.config.left_s), "warn"));
  if (s?.version) items.push(strip(word("version"), s.version));
  return items;
}
