// sheet.js - the sheet of the day from /api/v1/commands/sheet, for the screen and for paper; Chinese first.

const words = {
  zh: {
    heads: ["类别", "项目", "结论", "测得", "今日报警", "数据完整度"],
    when: (sheet) => `${sheet.date}，截至 ${sheet.time}，数据完整度 ${share(sheet.completeness)}`,
    print: "打印",
    other: "English",
    problem: "网关没有应答，下面不是今天的内容。",
    signature: "值班领导（签字）：____________　　门卫（签字）：____________",
  },
  en: {
    heads: ["Group", "Item", "Verdict", "Measured", "Alarms today", "Seen"],
    when: (sheet) => `${sheet.date}, until ${sheet.time}, ${share(sheet.completeness)} seen`,
    print: "Print",
    other: "中文",
    problem: "The gateway does not answer.",
    signature: "Duty leader: ____________    Guard: ____________",
  },
};
let language = "zh";

function share(value) {
  return value === null ? "–" : `${Math.round(value * 100)}%`;
}

function cell(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function row(item) {
  const line = document.createElement("tr");
  line.className = item.state;
  line.append(
    cell("td", item.group[language]),
    cell("td", item.title[language]),
    cell("td", item.verdict[language], "verdict"),
    cell("td", item.measured[language]),
    cell("td", String(item.alarms), "number"),
    cell("td", item.state === "no-sensor" ? "–" : share(item.completeness), "number"),
  );
  return line;
}

function show(sheet) {
  const say = words[language];
  const heads = document.createElement("tr");
  heads.append(...say.heads.map((head) => cell("th", head)));
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = sheet.title[language];
  document.getElementById("title").textContent = sheet.title[language];
  document.getElementById("when").textContent = say.when(sheet);
  document.getElementById("heads").replaceChildren(heads);
  document.getElementById("items").replaceChildren(...sheet.items.map(row));
  document.getElementById("signature").textContent = say.signature;
  document.getElementById("print").textContent = say.print;
  document.getElementById("language").textContent = say.other;
}

async function load() {
  const problem = document.getElementById("problem");
  try {
    const answer = await fetch("/api/v1/commands/sheet");
    if (!answer.ok) throw new Error(answer.statusText);
    show((await answer.json()).answer);
    problem.textContent = "";
  } catch {
    problem.textContent = words[language].problem;
  }
}

document.getElementById("print").addEventListener("click", () => window.print());
document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  load();
});
load();
