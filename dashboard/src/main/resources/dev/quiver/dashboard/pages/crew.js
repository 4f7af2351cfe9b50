// The page of all workers, and that of each.
import {Asking} from './asking.js';
import {bytes, count, duration, rate} from './format.js';
import {taskCell, workerLink} from './links.js';
import {Logs} from './logs.js';
import {Rows, facts} from './rows.js';
import {cores, perSecond, processMemory} from './workers.js';

const WAITING_SHOWN = 10;
const $ = id => document.getElementById(id);
const share = (part, all) => all ? part / all : 0;

const heard = w => w.quietMicros < 0 ? 'in this process' : w.quietMicros < 1e6 ? 'just now' : `${duration(w.quietMicros)} ago`;
const state = w => w.leaving ? 'leaving: it gives back what it has and gets nothing new' : w.running ? 'at work' : w.given ? 'about to begin' : 'idle';

export class Crew {
  constructor() {
    this.there = new Rows($('crew-rows'));
    this.gone = new Rows($('gone-rows'));
    this.asking = new Asking((told, board) => this.draw(told, board));
  }

  open(board) { this.asking.start(board, '/workers'); }

  close() { this.asking.stop(); }

  draw(told, board) {
    if (!told) return;
    $('crew-empty').hidden = told.workers.length > 0;
    $('crew-table').hidden = told.workers.length === 0;
    $('gone').hidden = told.gone.length === 0;
    this.there.draw(told.workers.map(w => ({key: w.id, cells: [
      {text: w.name, href: workerLink(board, w.id)},
      {text: `${count(w.running)} of ${count(w.slots)}`, meter: share(w.running, w.slots), high: 1.1, label: `slots busy of ${w.name}`},
      cores(w),
      {text: `${bytes(w.usedBytes)} of ${bytes(w.limitBytes)}`, meter: share(w.usedBytes, w.limitBytes), label: `memory of ${w.name}`},
      processMemory(w),
      bytes(w.spilledBytes),
      perSecond(w.sentPerSecond),
      perSecond(w.receivedPerSecond),
      w.outputs ? `${count(w.outputs)}${told.whole ? '' : '+'}, ${bytes(w.outputBytes)}` : 'nothing',
      count(w.tasksEnded),
      {text: count(w.tasksFailed), className: w.tasksFailed ? 'wrong' : ''},
      rate(w.tasksPerSecond),
      {text: w.leaving ? 'leaving' : heard(w), className: w.quietMicros > 5e6 ? 'wrong' : ''},
    ]})));
    this.gone.draw(told.gone.map(w => ({key: w.id, cells: [
      {text: w.name || `worker ${w.id}`, href: workerLink(board, w.id)},
      {text: w.why || 'why isn’t known', className: 'words'},
      `${duration(told.micros - w.untilMicros)} ago`,
      duration(w.untilMicros - w.sinceMicros),
      count(w.tasksEnded),
      {text: count(w.tasksFailed), className: w.tasksFailed ? 'wrong' : ''},
    ]})));
  }
}

export class Worker {
  constructor() {
    this.now = new Rows($('worker-now'));
    this.held = new Rows($('worker-held'));
    this.recent = new Rows($('worker-recent'));
    this.logs = new Logs('workerlog', 'workerlog');
    this.asking = new Asking((told, board) => this.draw(told, board));
  }

  open(board, id) {
    this.drawn = false;
    this.asking.start(board, `/workers/${id}`);
    $('worker-profile').href = `#profile-${id}`;
    this.logs.open(board, `/workers/${id}/logs`);
  }

  close() {
    this.asking.stop();
    this.logs.close();
  }

  draw(told, board) {
    if (!told && this.drawn) return; // its session has ended: it stays as it was
    this.drawn = true;
    $('worker-tables').hidden = !told;
    $('worker-unknown').hidden = !!told;
    $('worker-profile').hidden = !told?.present || !told.place; // in this process it is that of the process
    if (!told) {
      $('worker-title').textContent = 'This worker isn’t known';
      facts($('worker-facts'), []);
      return;
    }
    $('worker-title').textContent = told.name || `worker ${told.id}`;
    facts($('worker-facts'), told.present ? this.facts(told) : this.last(told));
    const tasks = told.tasks.slice(0, (told.running ?? 0) + WAITING_SHOWN), more = (told.given ?? 0) - tasks.length;
    $('worker-idle').hidden = tasks.length > 0;
    $('worker-more').hidden = more <= 0 || tasks.length === 0;
    $('worker-more').textContent = `and ${count(Math.max(0, more))} more that wait for a slot`;
    this.now.draw(tasks.map((t, i) => ({key: `${t.stage}/${t.partition}`, cells: [
      taskCell(board, t.stage, t.partition, t.name),
      t.started || i < told.running ? 'runs' : 'waits for a slot',
      count(t.attempt),
      duration(t.givenMicros),
    ]})));
    $('worker-holds').hidden = told.held.length > 0;
    this.held.draw(told.held.sort((a, b) => b.bytes - a.bytes).map(h => ({key: h.stage, cells: [
      {text: h.name, className: 'words'}, count(h.outputs), bytes(h.bytes),
    ]})));
    $('worker-nothing').hidden = told.recent.length > 0;
    this.recent.draw(told.recent.map(t => ({key: `${t.stage}/${t.partition}/${t.attempt}/${t.startMicros}`, cells: [
      taskCell(board, t.stage, t.partition, t.name),
      count(t.attempt),
      t.failed ? {text: 'failed', className: 'wrong'} : duration(t.durationMicros),
      count(t.rows),
      bytes(t.bytes),
      `${duration(Math.max(0, told.micros - t.startMicros - t.durationMicros))} ago`,
    ]})));
  }

  facts(w) {
    return [
      ['state', state(w)],
      ['slots busy', `${count(w.running)} of ${count(w.slots)}`],
      ['waits for tasks of its own', w.yielded ? count(w.yielded) : ''],
      ['memory', `${bytes(w.usedBytes)} of ${bytes(w.limitBytes)}`],
      ['spilled', bytes(w.spilledBytes)],
      ['cores busy', cores(w)],
      ['its process takes', w.residentBytes ? bytes(w.residentBytes) : ''],
      ['Java heap of it', bytes(w.heapBytes)],
      ['sent', `${bytes(w.sentBytes)}, now ${perSecond(w.sentPerSecond)}`],
      ['received', `${bytes(w.receivedBytes)}, now ${perSecond(w.receivedPerSecond)}`],
      ['written to spill files', `${bytes(w.spillWrittenBytes)}, now ${perSecond(w.spillWrittenPerSecond)}`],
      ['read back', `${bytes(w.spillReadBytes)}, now ${perSecond(w.spillReadPerSecond)}`],
      ['tasks ended', count(w.tasksEnded)],
      ['failed', count(w.tasksFailed)],
      ['tasks a second', rate(w.tasksPerSecond)],
      ['heard of', heard(w)],
      ['serves outputs at', w.place],
      ['here for', duration(Math.max(0, w.micros - w.sinceMicros))],
    ];
  }

  last(w) {
    return [
      ['state', `gone, ${duration(w.micros - w.untilMicros)} ago`],
      ['why', w.why || 'isn’t known'],
      ['was here for', duration(w.untilMicros - w.sinceMicros)],
      ['tasks ended', count(w.tasksEnded)],
      ['failed', count(w.tasksFailed)],
    ];
  }
}
