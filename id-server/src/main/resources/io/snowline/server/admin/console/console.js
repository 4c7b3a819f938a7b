'use strict';
// Texts are set by textContent alone: names and labels come from other processes, and are never read as HTML.
const TEXTS = {
  en: {
    toNodes: 'To the node ids', namespaces: 'Namespaces', read: 'Read an ID, or a time', namespace: 'Namespace', anId: 'An ID in any notation',
    aTime: 'A time, here', nodeIds: 'Node ids', filter: 'Filter', node: 'Node id', state: 'State', label: 'Process', until: 'Reserved until',
    other: '中文', answers: b => b + ' answers', silent: (b, why) => b + ' does not answer: ' + why, waiting: 'Waiting for this server …',
    stale: (s, at) => `This server has not answered for ${s} s. What is below is from ${at}.`, perSecond: 'IDs per second',
    line: (now, most) => `IDs per second over the last two minutes: now ${now}, at most ${most}`, issued: n => `${n} since the start`,
    noRefusals: 'Nothing refused since the start', refused: 'Refused since the start: ', goodFor: (s, b) => `good for ${s} s without ${b}`,
    over: b => `no window: nothing can be issued before ${b} answers`, recorded: b => `each ID is recorded in ${b} first; without it none is issued`,
    cannot: 'Cannot issue: ', can: 'Can issue', years: y => `${y} years of timestamps left`, held: n => 'node id ' + n, noNode: 'no node id',
    lead: ms => `newest ID ${ms} ms ahead of the clock`, take: 'Take an ID', guarded: 'has tokens: ask the application', curl: 'or: ',
    mode: { leased: 'leased', recorded: 'recorded' }, states: { held: 'held', lapsed: 'lapsed', free: 'free' }, mine: 'this server',
    counts: (h, l, f, all) => `${h} held, ${l} lapsed, ${f} free of ${all}`, more: n => `${n} more; filter to see them`,
    notAnId: 'This is no ID of this layout in any notation.', notation: 'Read as', timestamp: 'timestamp', sequence: 'sequence', unused: 'unused',
    local: 'Local time', utc: 'UTC', ago: 'Age', smallest: 'Smallest', largest: 'Largest', outside: 'This time is outside of the layout.',
    the: { redis: 'Redis', zookeeper: 'ZooKeeper', etcd: 'etcd', local: 'the directory' },
  },
  zh: {
    toNodes: '跳到节点号', namespaces: '命名空间', read: '解读 ID 或时间', namespace: '命名空间', anId: '任意格式的 ID',
    aTime: '本地时间', nodeIds: '节点号', filter: '筛选', node: '节点号', state: '状态', label: '进程', until: '预留至',
    other: 'English', answers: b => b + ' 有响应', silent: (b, why) => `${b} 无响应：${why}`, waiting: '正在等待服务器…',
    stale: (s, at) => `服务器已 ${s} 秒没有响应。以下内容截至 ${at}。`, perSecond: '个 ID/秒',
    line: (now, most) => `最近两分钟每秒 ID 数：当前 ${now}，最高 ${most}`, issued: n => `启动以来共 ${n} 个`,
    noRefusals: '启动以来没有拒绝', refused: '启动以来拒绝：', goodFor: (s, b) => `即使${b}不可用，仍可发号 ${s} 秒`,
    over: b => `预留窗口已用尽，须等${b}恢复后才能发号`, recorded: b => `每个 ID 先写入${b}再返回，无法写入${b}时不发号`,
    cannot: '无法发号：', can: '可以发号', years: y => `时间戳还可用 ${y} 年`, held: n => '节点号 ' + n, noNode: '没有节点号',
    lead: ms => `最新 ID 超前时钟 ${ms} 毫秒`, take: '取一个 ID', guarded: '需要令牌，请访问应用端口', curl: '或者：',
    mode: { leased: '租约模式', recorded: '记录模式' }, states: { held: '占用', lapsed: '过期', free: '空闲' }, mine: '本服务器',
    counts: (h, l, f, all) => `占用 ${h}，过期 ${l}，空闲 ${f}，共 ${all}`, more: n => `还有 ${n} 行，请筛选`,
    notAnId: '这不是此布局的任何格式的 ID。', notation: '格式', timestamp: '时间戳', sequence: '序列号', unused: '未用',
    local: '本地时间', utc: 'UTC', ago: '距今', smallest: '最小', largest: '最大', outside: '该时间超出布局范围。',
    the: { redis: ' Redis ', zookeeper: ' ZooKeeper ', etcd: ' etcd ', local: '本地目录' },
  },
};
const POINTS = 120, ROWS = 200, FULL_SECOND = 1000, PATIENCE = 8000;
const DIGITS = '0123456789', UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', LOWER = UPPER.toLowerCase();
const NOTATIONS = [
  { name: 'decimal', digits: DIGITS, form: /^(0|[1-9]\d{0,18})$/, width: 1 },
  { name: 'hex', digits: DIGITS + 'abcdef', form: /^[0-9a-f]{16}$/, width: 16 },
  { name: 'base62', digits: DIGITS + UPPER + LOWER, form: /^[0-9A-Za-z]{11}$/, width: 11 },
  { name: 'base32', digits: DIGITS + 'ABCDEFGHJKMNPQRSTVWXYZ', form: /^[0-9A-HJKMNP-TV-Z]{13}$/, width: 13 },
];
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let state = null, metrics = null, health = {}, nodes = [], nodesProblem = null, serverTime = Date.now(), answeredAt = null, silent = true;
const history = {};
const $ = id => document.getElementById(id);
const t = () => TEXTS[language];
const number = (n, digits = 0) => n.toLocaleString(language, { maximumFractionDigits: digits });
const backend = () => t().the[state.backend] || state.backend;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}
function put(node, text) { if (node.textContent !== text) node.textContent = text; }

// ---- what the server says ----

async function ask(path, options) {
  const answer = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE), ...options });
  const date = Date.parse(answer.headers.get('Date'));
  if (date) serverTime = date;
  return { status: answer.status, body: await answer.json() };
}

const unanswered = e => e.name === 'TimeoutError' || e instanceof SyntaxError || e instanceof TypeError && /fetch|network/i.test(e.message);

async function every(millis, task) {
  for (;;) {
    try { await task(); } catch (e) { if (!unanswered(e)) console.error(e); }
    try { show(); } catch (e) { console.error(e); }
    await new Promise(done => setTimeout(done, millis));
  }
}

async function lookAtMetrics() {
  if (silent) {
    const asked = await ask('state'); // after a silence it may be another configuration
    if (asked.status !== 200) return;
    state = asked.body;
    fill();
  }
  silent = true; // until the answer is there
  const asked = await ask('../metrics');
  if (asked.status !== 200) return; // it starts, or ends
  metrics = asked.body;
  silent = false;
  answeredAt = Date.now();
  for (const namespace of state.namespaces) remember(namespace.name, counter('issued', namespace.name));
}

function remember(name, issued) {
  const line = history[name] ||= { rates: [], issued, at: performance.now() };
  const now = performance.now();
  if (now - line.at < FULL_SECOND / 2) return;
  line.rates.push(issued < line.issued ? 0 : (issued - line.issued) * 1000 / (now - line.at)); // less: it was started again
  line.rates = line.rates.slice(-POINTS);
  line.issued = issued;
  line.at = now;
}

async function lookAtNodes() {
  const asked = await ask('../nodes').catch(e => {
    if (e.name === 'TimeoutError') nodesProblem = `> ${PATIENCE / FULL_SECOND} s`;
    throw e;
  });
  nodesProblem = asked.status === 200 ? null : asked.body.message;
  if (asked.status === 200) nodes = asked.body;
}

const counter = (metric, name) => (metrics.counters[`snowline.${metric}.${name}`] || { count: 0 }).count;
const gauge = (metric, name) => (metrics.gauges[`snowline.${metric}.${name}`] || {}).value;

function heldBy(namespace) {
  const held = [];
  for (let lane = 0; lane < namespace.lanes; lane++) {
    const node = metrics ? gauge('node_id.' + lane, namespace.name) : -1;
    if (node >= 0) held.push(node);
  }
  return held;
}

// ---- the page ----

function fill() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-t]').forEach(node => put(node, t()[node.dataset.t]));
  put($('language'), t().other);
  if (!state) return;
  const chosen = $('layout').value;
  $('layout').replaceChildren(...state.namespaces.map(namespace => element('option', namespace.name)));
  if (state.namespaces.some(namespace => namespace.name === chosen)) $('layout').value = chosen;
  $('cards').replaceChildren(...state.namespaces.map(card));
  decode();
  times();
}

function card(namespace) {
  const made = element('article');
  made.dataset.namespace = namespace.name;
  made.append(element('h3', namespace.name),
    element('p', `${t().mode[namespace.mode]} · ${namespace.layout} · ${namespace.epoch}`, 'soft'), element('p', '', 'ready'));
  const rate = element('p');
  rate.append(element('span', '–', 'rate'), element('span', t().perSecond, 'soft'));
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  line.setAttribute('class', 'line');
  line.setAttribute('viewBox', `0 0 ${POINTS - 1} 30`);
  line.setAttribute('preserveAspectRatio', 'none');
  line.setAttribute('role', 'img');
  line.append(document.createElementNS('http://www.w3.org/2000/svg', 'polyline'));
  const bar = element('progress');
  bar.max = state.aheadSeconds;
  bar.hidden = namespace.mode !== 'leased';
  made.append(rate, line, element('p', '', 'issued soft'), element('p', '', 'window'), bar, element('p', '', 'refusals'), element('p', '', 'more soft'), taking(namespace));
  return made;
}

function taking(namespace) {
  const made = element('p');
  if (namespace.guarded) {
    made.append(element('span', t().guarded + ' ', 'soft'));
  } else {
    const button = element('button', t().take);
    const taken = element('output', '', 'id');
    button.type = 'button';
    button.onclick = async () => {
      button.disabled = true;
      try {
        const answer = await ask('take?namespace=' + encodeURIComponent(namespace.name), { method: 'POST', headers: { 'X-Snowline': 'console' } });
        taken.textContent = ' ' + (answer.body.id || answer.body.message);
        if (answer.body.id) { $('layout').value = namespace.name; $('id').value = answer.body.id; decode(); }
      } catch (e) { taken.textContent = ' ' + t().waiting; }
      button.disabled = false;
    };
    made.append(button, taken, element('br'), element('span', t().curl, 'soft'));
  }
  made.append(element('code', `curl ${namespace.guarded ? "-H 'Authorization: Bearer …' " : ''}${state.url}/v1/${namespace.name}/id`));
  return made;
}

function show() {
  if (!state || !metrics) { put($('backend'), t().waiting); return; }
  const seconds = Math.round((Date.now() - answeredAt) / 1000), old = seconds > 4;
  document.body.classList.toggle('old', old);
  $('stale').hidden = !old;
  put($('stale'), old ? t().stale(seconds, new Date(answeredAt).toLocaleTimeString(language)) : '');
  put($('who'), state.label);
  put($('backend'), old ? '' : nodesProblem === null ? t().answers(state.coordinator) : t().silent(state.coordinator, nodesProblem));
  $('backend').className = nodesProblem === null ? '' : 'warn';
  for (const made of $('cards').children) showCard(made, state.namespaces.find(namespace => namespace.name === made.dataset.namespace));
  showNodes();
}

function showCard(made, namespace) {
  const part = name => made.querySelector('.' + name), name = namespace.name;
  const rates = (history[name] || { rates: [] }).rates, now = rates.at(-1) || 0, most = Math.max(...rates, 0);
  put(part('rate'), number(now));
  part('line').setAttribute('aria-label', t().line(number(now), number(most)));
  part('line').firstChild.setAttribute('points', rates.map((rate, i) => `${POINTS - rates.length + i},${29 - 27 * rate / (most || 1)}`).join(' '));
  put(part('issued'), t().issued(number(counter('issued', name))));
  const ready = gauge('ready', name) === 1, left = gauge('lease_remaining_seconds', name);
  part('ready').className = ready ? 'ready soft' : 'ready warn';
  put(part('ready'), ready ? '✓ ' + t().can : '✗ ' + t().cannot + ((health['lease-' + name] || {}).message || ''));
  put(part('window'), namespace.mode !== 'leased' ? t().recorded(backend()) : left > 0 ? t().goodFor(number(left), backend()) : t().over(backend()));
  const bar = made.querySelector('progress');
  bar.value = Math.min(left || 0, bar.max);
  bar.setAttribute('aria-label', part('window').textContent);
  const refusals = Object.keys(metrics.counters).filter(key => key.startsWith('snowline.refused.') && key.endsWith('.' + name))
    .map(key => [key.slice('snowline.refused.'.length, -name.length - 1), metrics.counters[key].count])
    .filter(([reason, count]) => count > 0 && !reason.includes('.'));
  put(part('refusals'), refusals.length === 0 ? t().noRefusals : t().refused + refusals.map(([reason, count]) => `${reason.replaceAll('_', ' ')} ${number(count)}`).join(', '));
  const held = heldBy(namespace), lead = Math.round(1000 * gauge('lead_seconds', name));
  put(part('more'), [held.length ? t().held(held.join(', ')) : t().noNode, t().years(number(gauge('years_left', name), 1)),
    ...(lead > 0 ? [t().lead(number(lead))] : [])].join(' · '));
}

function showNodes() {
  const wanted = $('filter').value.toLowerCase(), mine = {};
  for (const namespace of state.namespaces) mine[namespace.name] = heldBy(namespace);
  const known = nodes.map(line => {
    const kind = line.state === 'held' && Date.parse(line.end) < serverTime ? 'lapsed' : line.state;
    const own = line.state === 'held' && (mine[line.namespace] || []).includes(line.node);
    return { ...line, kind, own, text: `${line.namespace} ${line.node} ${t().states[kind]} ${line.label} ${own ? t().mine : ''}` };
  });
  const count = kind => known.filter(line => line.kind === kind).length;
  const all = state.namespaces.reduce((sum, namespace) => sum + 2 ** namespace.nodeBits, 0);
  put($('counts'), t().counts(number(count('held')), number(count('lapsed')), number(all - count('held') - count('lapsed')), number(all)));
  const matching = known.filter(line => line.text.toLowerCase().includes(wanted));
  put($('more'), matching.length > ROWS ? t().more(matching.length - ROWS) : '');
  const rows = matching.slice(0, ROWS), drawn = JSON.stringify([language, rows]);
  if ($('rows').dataset.drawn === drawn) return; // so that a selection stays
  $('rows').dataset.drawn = drawn;
  $('rows').replaceChildren(...rows.map(row));
}

function row(line) {
  const made = element('tr', undefined, line.own ? 'mine' : '');
  const label = element('td');
  label.append(element('bdi', line.label), element('span', line.own ? ` (${t().mine})` : ''));
  made.append(element('td', line.namespace), element('td', String(line.node)), element('td', t().states[line.kind]), label,
    element('td', new Date(line.end).toLocaleString(language)));
  return made;
}

// ---- IDs and times ----

function read(text, { digits, form }) {
  return form.test(text) ? [...text].reduce((sum, digit) => sum * BigInt(digits.length) + BigInt(digits.indexOf(digit)), 0n) : null;
}

function write(id, { digits, width }) {
  let text = '';
  for (let rest = id; rest > 0n || text.length < width; rest /= BigInt(digits.length)) text = digits[Number(rest % BigInt(digits.length))] + text;
  return text;
}

function chosen() {
  const namespace = state.namespaces.find(one => one.name === $('layout').value) || state.namespaces[0];
  const sequence = BigInt(namespace.sequenceBits), node = BigInt(namespace.nodeBits), time = BigInt(namespace.timestampBits);
  return { sequence, node, time, all: sequence + node + time, tick: BigInt(namespace.tickMillis), epoch: BigInt(Date.parse(namespace.epoch)) };
}

function decode() {
  const text = $('id').value.trim(), layout = state && chosen();
  if (!text || !layout) { $('decoded').replaceChildren(); return; }
  const readings = NOTATIONS.map(notation => [notation, read(text, notation)]).filter(([, id]) => id !== null && id < 1n << layout.all);
  $('decoded').replaceChildren(...(readings.length ? readings.map(([notation, id]) => reading(notation, id, layout)) : [element('p', t().notAnId, 'warn')]));
}

function reading(notation, id, layout) {
  const made = element('div'), bits = id.toString(2).padStart(64, '0');
  const tick = id >> layout.node + layout.sequence, node = id >> layout.sequence & (1n << layout.node) - 1n, sequence = id & (1n << layout.sequence) - 1n;
  const millis = Number(layout.epoch + tick * layout.tick), at = new Date(millis);
  const picture = element('div', undefined, 'bits id');
  let from = 0;
  for (const [kind, width, value] of [['unused', 64n - layout.all, ''], ['timestamp', layout.time, tick], ['node', layout.node, node], ['sequence', layout.sequence, sequence]]) {
    const field = element('span', bits.slice(from, from += Number(width)), kind[0]);
    field.append(element('small', `${t()[kind]} ${value}`));
    picture.append(field);
  }
  const seconds = Math.round((millis - serverTime) / 1000);
  const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].find(([, length]) => Math.abs(seconds) >= length) || ['second', 1];
  const valid = !isNaN(at);
  made.append(element('p', `${t().notation} ${notation.name}`, 'soft'), picture, list([
    ...NOTATIONS.map(one => [one.name, write(id, one)]),
    [t().local, valid ? at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'long' }) : '–'], [t().utc, valid ? at.toISOString() : '–'],
    [t().ago, new Intl.RelativeTimeFormat(language).format(Math.trunc(seconds / size), unit)]]));
  return made;
}

function list(pairs) {
  const made = element('dl');
  for (const [name, value] of pairs) made.append(element('dt', name), element('dd', value, 'id'));
  return made;
}

function times() {
  const millis = new Date($('time').value).getTime();
  if (!state || isNaN(millis)) { $('times').replaceChildren(); return; }
  const layout = chosen(), since = BigInt(millis) - layout.epoch;
  if (since < 0n || since / layout.tick >= 1n << layout.time) { $('times').replaceChildren(element('p', t().outside, 'warn')); return; }
  const low = layout.node + layout.sequence, smallest = since / layout.tick << low, largest = smallest | (1n << low) - 1n;
  $('times').replaceChildren(list([[t().utc, new Date(millis).toISOString()], [t().smallest, String(smallest)], [t().largest, String(largest)],
    ['SQL', `WHERE id BETWEEN ${smallest} AND ${largest}`]]));
}

$('id').oninput = decode;
$('time').oninput = times;
$('layout').onchange = () => { decode(); times(); };
$('filter').oninput = () => state && metrics && showNodes();
$('language').onclick = () => { language = language === 'zh' ? 'en' : 'zh'; fill(); show(); };
fill();
every(FULL_SECOND, lookAtMetrics);
every(2 * FULL_SECOND, lookAtNodes);
every(2 * FULL_SECOND, async () => { health = (await ask('../healthcheck')).body; });
