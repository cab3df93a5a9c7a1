// words.js - every word of the page in both languages; Chinese first.

const words = {
  zh: {
    title: "校园报警",
    operator: "值班员",
    operator_missing: "请先在上面填写值班员（岗位或姓名），再按一次。",
    language: "English",
    sound_on: "开启声音",
    sound_off: "声音已开启",
    silent: "声音已关闭",
    silent_why: "新报警不会响铃，请点“开启声音”。",
    stale: (seconds) => `与网关的连接已中断 ${seconds} 秒，下面的内容可能已过时。正在重新连接……`,
    failed: "操作没有成功。",
    unkept: "操作已生效，但尚未写入磁盘。",
    unreachable: "操作没有成功：网关没有应答。",
    calm: "当前没有报警",
    calm_why: "有新报警时，本页会立即显示并响铃。",
    counts_label: "汇总",
    alarms_label: "报警",
    strip_label: "运行状态",
    unacknowledged_count: "待确认",
    active_count: "进行中",
    total_count: "列表中",
    P1: "P1 紧急",
    P2: "P2 重要",
    P3: "P3 一般",
    P4: "P4 提示",
    test: "演练或测试",
    INF: "记录",
    states: {
      normal: "正常",
      unacknowledged: "待确认",
      acknowledged: "已确认",
      returned: "已恢复，待确认",
      latched: "已锁定，待确认",
      "latched-acknowledged": "已确认，待复位",
      shelved: "已搁置",
      suppressed: "已抑制",
      "out-of-service": "停用",
    },
    raised: "触发",
    changed: "变更",
    value: "触发时",
    value_at_return: "恢复时",
    times: (n) => `第 ${n} 次`,
    action: "处置",
    basis: "依据",
    by: "操作",
    colon: "：",
    bracket: (text) => `（${text}）`,
    acknowledge: "确认",
    reset: "复位",
    shelve: "搁置…",
    unshelve: "取消搁置",
    minutes: "时长",
    minute: (n) => (n < 60 ? `${n} 分钟` : `${n / 60} 小时`),
    reason: "原因",
    reason_hint: "必填，例如：施工调试",
    shelve_now: "搁置",
    new_alarm: (severity, title, where) => `新报警，${severity}，${title}，${where}`,
    ago: (seconds) => ago(seconds, ["刚刚", " 秒前", " 分钟前", " 小时前", " 天前"]),
    rooms: "场所",
    points: "测点",
    good: "良好",
    uncertain: "存疑",
    bad: "失效",
    buses: "总线",
    hung: (bus) => `${bus} 卡死`,
    devices_missed: (bus, n, of) => `${bus} ${of} 台设备中 ${n} 台失联或故障`,
    outputs: "输出",
    outputs_title: "警号、灯等输出",
    switched_on: "开",
    switched_off: "关",
    not_taken: (value, fault) => `应为“${value}”，未执行${fault ? `：${fault}` : ""}`,
    in_doubt: (value, fault) => `应为“${value}”，是否如此不明：${fault}`,
    otherwise: (value, said) => `应为“${value}”，设备报告为“${said}”`,
    since: (time) => `自 ${time}`,
    county: "县平台",
    contested: "客户端名被重复使用，互相挤下线",
    local: "校内消息",
    store: "存储",
    store_away: "用不了数据库，报警照常，记录先留在内存",
    store_replaced: "数据库坏过，已换新，能读出的都保住了",
    store_fault: "写不进去，报警照常，正在重试",
    config: "配置",
    pending: (seconds) => `试运行，${seconds} 秒后退回`,
    returned: "未确认，已退回上次的配置",
    connected: "已连接",
    disconnected: "未连接",
    off: "未启用",
    waiting: (n) => `待回执 ${n}`,
    oldest: (hours) => `最旧的已等 ${hours} 小时`,
    dropped: (n) => `满后让出 ${n}`,
    fine: "正常",
    version: "版本",
  },
  en: {
    title: "School alarms",
    operator: "On duty",
    operator_missing: "First say above who is on duty (post or name), then press again.",
    language: "中文",
    sound_on: "Turn sound on",
    sound_off: "Sound is on",
    silent: "Sound is off",
    silent_why: "New alarms will make no sound. Press “Turn sound on”.",
    stale: (seconds) =>
      `No contact with the gateway for ${seconds} s; what is below may be out of date. Reconnecting…`,
    failed: "That did not work.",
    unkept: "Done, but it is not on the disk.",
    unreachable: "That did not work: the gateway does not answer.",
    calm: "No alarms",
    calm_why: "A new alarm appears here at once, with a sound.",
    counts_label: "Totals",
    alarms_label: "Alarms",
    strip_label: "Status",
    unacknowledged_count: "to acknowledge",
    active_count: "active",
    total_count: "listed",
    P1: "P1 emergency",
    P2: "P2 high",
    P3: "P3 medium",
    P4: "P4 low",
    test: "drill or test",
    INF: "record",
    states: {
      normal: "normal",
      unacknowledged: "to acknowledge",
      acknowledged: "acknowledged",
      returned: "returned, to acknowledge",
      latched: "latched, to acknowledge",
      "latched-acknowledged": "acknowledged, to reset",
      shelved: "shelved",
      suppressed: "suppressed",
      "out-of-service": "out of service",
    },
    raised: "Raised",
    changed: "Changed",
    value: "Raised at",
    value_at_return: "Returned at",
    times: (n) => `${n} times`,
    action: "Do",
    basis: "Basis",
    by: "By",
    colon: ": ",
    bracket: (text) => ` (${text})`,
    acknowledge: "Acknowledge",
    reset: "Reset",
    shelve: "Shelve…",
    unshelve: "Unshelve",
    minutes: "For",
    minute: (n) => (n < 60 ? `${n} min` : `${n / 60} h`),
    reason: "Reason",
    reason_hint: "required, e.g. works in the room",
    shelve_now: "Shelve",
    new_alarm: (severity, title, where) => `New alarm, ${severity}, ${title}, ${where}`,
    ago: (seconds) => ago(seconds, ["just now", " s ago", " min ago", " h ago", " d ago"]),
    rooms: "Places",
    points: "Points",
    good: "good",
    uncertain: "uncertain",
    bad: "bad",
    buses: "Buses",
    hung: (bus) => `${bus} hangs`,
    devices_missed: (bus, n, of) => `${bus}: ${n} of ${of} devices silent or failed`,
    outputs: "Outputs",
    outputs_title: "Sirens, lamps and other outputs",
    switched_on: "on",
    switched_off: "off",
    not_taken: (value, fault) => `should be ${value}, not taken${fault ? `: ${fault}` : ""}`,
    in_doubt: (value, fault) => `should be ${value}, nobody knows whether it is: ${fault}`,
    otherwise: (value, said) => `should be ${value}, the device says ${said}`,
    since: (time) => `since ${time}`,
    county: "County",
    contested: "client id used twice, each throws the other out",
    local: "School broker",
    store: "Store",
    store_away: "no database can be used; alarms go on, records wait in memory",
    store_replaced: "the database was broken and is a new one; what could be read is kept",
    store_fault: "nothing can be written; alarms go on, it is tried again",
    config: "Configuration",
    pending: (seconds) => `on trial, returns in ${seconds} s`,
    returned: "not confirmed, the last one runs again",
    connected: "connected",
    disconnected: "not connected",
    off: "off",
    waiting: (n) => `${n} waiting`,
    oldest: (hours) => `the oldest for ${hours} h`,
    dropped: (n) => `${n} dropped when full`,
    fine: "fine",
    version: "Version",
  },
};

function ago(seconds, [now, second, minute, hour, day]) {
  if (seconds < 5) return now;
  if (seconds < 60) return `${Math.floor(seconds)}${second}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${minute}`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}${hour}`;
  return `${Math.floor(seconds / 86400)}${day}`;
}

let language = localStorage.getItem("language") === "en" ? "en" : "zh";

export function current() {
  return language;
}

export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
}

export function word(key, ...values) {
  const found = words[language][key];
  return typeof found === "function" ? found(...values) : found;
}

export function stateWord(state) {
  return words[language].states[state] ?? state;
}

// A title of the gateway: {zh, en}, or null.
export function titleOf(text, otherwise) {
  return text ? text[language] || text.zh || text.en : otherwise;
}

// Fills every element that names its word.
export function fillWords() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
}
