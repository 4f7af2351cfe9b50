// The page: which board is looked at, and what of it is drawn where.
import {Crew, Worker} from './crew.js';
import {bytes, count, duration} from './format.js';
import {Data} from './data.js';
import {Events} from './events.js';
import {Feed} from './feed.js';
import {taskLink} from './links.js';
import {Graph} from './graph.js';
import {Memory} from './memory.js';
import {Profile} from './profile.js';
import {Pipeline, Pipelines} from './pipelines.js';
import {Queries} from './queries.js';
import {Runs} from './runs.js';
import {Stages} from './stages.js';
import {Task} from './task.js';
import {TaskStream} from './taskstream.js';
import {Workers} from './workers.js';

const BOARDS_MILLIS = 2000, RATE_POINTS = 120, FAILURES_SHOWN = 20;
const $ = id => document.getElementById(id);

const stages = new Stages($('stages'), $('progress-empty'), $('more'));
const workers = new Workers($('workers'));
const queries = new Queries(nameOf);
const stream = new TaskStream($('tasks'), $('stream-info'), $('tip'), openTask);
let feed = null, board = null, ended = null, failures = [], arrived = 0, plot = null;
const times = [], rates = [];

function watch(id) {
  if (feed && feed.board === id) return;
  feed?.stop();
  ended = null;
  $('banner').hidden = true;
  stages.reset();
  failures = [];
  times.length = rates.length = 0;
  feed = new Feed(id, {
    board(next, whole) {
      board = next;
      if (whole) {
        stages.reset();
        queries.reset();
        failures = [];
      }
      stages.take(next.stages);
      queries.take(next.jobs, feed.board);
      failures = [...next.failures, ...failures].slice(0, 100);
      stream.slots(next.workers);
      drawBoard();
    },
    tasks(number) { arrived += number; },
    lost(since) {
      $('banner').hidden = false;
      $('banner').textContent = `The connection was lost at ${since.toLocaleTimeString()}. What you see is as it was then; trying again…`;
    },
    back() { $('banner').hidden = true; },
    gone() {
      feed = null;
      ended = id;
      $('banner').hidden = false;
      $('banner').textContent = 'This session has ended. What you see is as it was at its end.';
    },
  });
  stream.watch(feed, stages);
  $('report').hidden = false;
  $('report').href = `/api/v1/boards/${id}/report`;
  if (page?.ofWatched) route();
}

function drawBoard() {
  document.title = `${board.name} – Quiver`;
  $('ended').textContent = count(board.tasksEnded);
  $('failed').textContent = count(board.tasksFailed);
  $('failed').className = board.tasksFailed ? 'wrong' : '';
  let running = 0, slots = 0, used = 0, limit = 0;
  for (const w of board.workers) { running += w.running; slots += w.slots; used += w.usedBytes; limit += w.limitBytes; }
  $('busy').textContent = `${count(running)} of ${count(slots)}`;
  $('memory').textContent = `${bytes(used)} of ${bytes(limit)}`;
  queries.draw(feed.clock());
  workers.draw(board.workers);
  stages.draw(feed.clock());
  $('trouble').hidden = failures.length === 0;
  $('failures').replaceChildren(...failures.slice(0, FAILURES_SHOWN).map(f => {
    const item = document.createElement('li'), link = item.appendChild(document.createElement('a'));
    link.textContent = `task ${f.stage}/${f.partition}`;
    link.href = taskLink(feed.board, f.stage, f.partition);
    item.append(`, attempt ${f.attempt}, worker ${f.worker}: ${f.why}`);
    return item;
  }));
}

async function openTask(number) {
  const a = feed.attempts, i = a.at(number), stage = stages.get(a.stage[i]);
  if (!stage) return;
  const partition = a.partition[i];
  const answer = await fetch(`/api/v1/boards/${feed.board}/tasks/${stage.id}/${partition}`);
  if (!answer.ok) return;
  const task = await answer.json();
  $('task-title').textContent = `${stage.name}, partition ${partition}`;
  $('task-why').textContent = task.why;
  $('task-page').href = taskLink(feed.board, stage.id, partition);
  $('task-attempts').replaceChildren(...task.attempts.map(one => {
    const row = document.createElement('tr');
    for (const text of [one.attempt, one.worker, one.failed ? 'failed' : duration(one.durationMicros), count(one.rows), bytes(one.bytes)])
      row.appendChild(document.createElement('td')).textContent = text;
    return row;
  }));
  $('task-story').replaceChildren(...task.story.map(line => {
    const item = document.createElement('li');
    item.textContent = line;
    return item;
  }));
  $('task').showModal();
}

async function lookForBoards() {
  try {
    const answer = await fetch('/api/v1/boards');
    if (answer.status === 401) { location.reload(); return; } // logged out, perhaps on another page: it asks for a token again
    const list = await answer.json();
    showLogin(answer.headers.get('Quiver-Login'));
    const select = $('boards');
    // what has ended stays until somebody chooses another, or a new one begins
    const all = ended === null ? list : [...list, {id: ended, name: `${board.name}, ended`}];
    $('choice').hidden = all.length < 2;
    if (select.dataset.shown !== JSON.stringify(all)) {
      select.dataset.shown = JSON.stringify(all);
      select.replaceChildren(...all.map(b => new Option(b.name, b.id)));
    }
    if (!feed && list.length && (ended === null || list[0].id > ended)) watch(list[0].id);
    select.value = feed?.board ?? ended;
  } catch (e) {
    if (!feed) {
      $('banner').hidden = false;
      $('banner').textContent = 'Quiver isn’t reached; trying again…';
    }
  }
}

// who is percent-encoded; null without a login
function showLogin(who) {
  $('logout').hidden = who === null;
  const name = who === null ? '' : decodeURIComponent(who.replaceAll('+', ' '));
  if ($('logout').title !== name) $('logout').title = name;
}

async function logout() {
  const answer = await fetch('/logout', {method: 'POST'});
  if (answer.ok) location.replace('/');
}

function tick() {
  times.push(Date.now() / 1000);
  rates.push(arrived);
  arrived = 0;
  if (times.length > RATE_POINTS) { times.shift(); rates.shift(); }
  const box = $('rate');
  if (!plot && window.uPlot && box.clientWidth) {
    const quiet = '#8a8f98', axis = {stroke: quiet, grid: {stroke: '#8884', width: 1}, ticks: {stroke: '#8884', width: 1}};
    plot = new window.uPlot({
      width: box.clientWidth, height: 150, legend: {show: false},
      scales: {y: {range: (_, low, high) => [0, Math.max(10, high * 1.1)]}},
      series: [{}, {stroke: '#0072b2', fill: '#0072b233', width: 2, points: {show: false}}],
      axes: [{...axis, space: 90, incrs: [1, 2, 5, 10, 20, 30, 60], values: (_, at) => at.map(t => new Date(t * 1000).toLocaleTimeString())}, {...axis, size: 60}],
    }, [times, rates], box);
    new ResizeObserver(() => plot.setSize({width: box.clientWidth, height: 150})).observe(box);
  } else plot?.setData([times, rates]);
  if (board && feed) {
    stages.draw(feed.clock());
    queries.draw(feed.clock());
  }
  $('stream-info').textContent = feed ? `${count(stream.drawn ?? 0)} tasks in ${duration(stream.span)}` : '';
}

function theme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

// By what the address begins with: which part of the page is shown, under which link of the header, and what is to be
// done when it opens. What is about a query, a worker or a task of a board says which board; the others are about the one that is watched.
const graph = new Graph(), crew = new Crew(), worker = new Worker(), task = new Task(nameOf), memory = new Memory(nameOf), data = new Data(nameOf), events = new Events(nameOf), runs = new Runs(), pipelines = new Pipelines(), pipeline = new Pipeline(), profile = new Profile(of => board?.id === of ? board.workers : []);
const PAGES = {
  live: {main: 'live', under: 'live'},
  queries: {main: 'queries', under: 'queries'},
  query: {main: 'queries', under: 'queries', open: (of, job) => queries.open(Number(of), job), close: () => queries.close()},
  graph: {main: 'page-graph', under: 'graph', ofWatched: true, open: () => shown() && graph.open(shown()), close: () => graph.close()},
  workers: {main: 'page-workers', under: 'workers', ofWatched: true, open: () => shown() && crew.open(shown()), close: () => crew.close()},
  worker: {main: 'page-worker', under: 'workers', open: (of, id) => worker.open(Number(of), id), close: () => worker.close()},
  task: {main: 'page-task', under: 'live', open: (of, stage, partition) => task.open(Number(of), stage, partition), close: () => task.close()},
  memory: {main: 'page-memory', under: 'memory', ofWatched: true, open: () => shown() && memory.open(shown()), close: () => memory.close()},
  data: {main: 'page-data', under: 'data', ofWatched: true, open: () => shown() && data.open(shown()), close: () => data.close()},
  events: {main: 'page-events', under: 'events', ofWatched: true, open: () => shown() && events.open(shown()), close: () => events.close()},
  profile: {main: 'page-profile', under: 'profile', ofWatched: true, open: worker => profile.open(shown(), worker), close: () => profile.close()},
  pipelines: {main: 'page-pipelines', under: 'pipelines', open: () => pipelines.open(), close: () => pipelines.close()},
  pipeline: {main: 'page-pipeline', under: 'pipelines', open: (...name) => pipeline.open(decodeURIComponent(name.join('-'))), close: () => pipeline.close()},
  runs: {main: 'page-runs', under: 'runs', open: () => runs.open()},
};
const MAINS = new Set(Object.values(PAGES).map(page => page.main));
let page = null;

function nameOf(of, id) {
  return board?.id === of && board.workers.find(w => w.id === id)?.name || `worker ${id}`;
}

const shown = () => feed?.board ?? ended;

// Where one is: #live, #queries, #query-BOARD-JOB, #graph, #workers, #worker-BOARD-NUMBER, #task-BOARD-STAGE-PARTITION, #memory, #data, #events,
// #profile, #profile-WORKER, #pipelines, #pipeline-NAME, #runs.
function route() {
  const [name, ...rest] = location.hash.slice(1).split('-');
  page?.close?.();
  $('task').close();
  page = PAGES[name] ?? PAGES.live;
  for (const main of MAINS) $(main).hidden = main !== page.main;
  for (const {under} of Object.values(PAGES)) $(`to-${under}`).removeAttribute('aria-current');
  $(`to-${page.under}`).setAttribute('aria-current', 'page');
  page.open?.(...rest);
}
addEventListener('hashchange', route);
route();

theme(matchMedia('(prefers-color-scheme: dark)').matches);
$('theme').addEventListener('click', () => theme(document.documentElement.dataset.theme !== 'dark'));
$('logout').addEventListener('click', logout);
$('boards').addEventListener('change', e => watch(Number(e.target.value)));

function frame() {
  stream.draw();
  requestAnimationFrame(frame);
}

// What tests of this page read.
window.quiver = {stream, stages, queries, get feed() { return feed; }};

lookForBoards();
setInterval(lookForBoards, BOARDS_MILLIS);
setInterval(tick, 1000);
requestAnimationFrame(frame);
