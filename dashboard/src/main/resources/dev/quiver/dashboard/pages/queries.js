// Queries: a list of them, and of one the plan with what each step did.
import {bytes, count, duration} from './format.js';
import {taskCell, workerLink} from './links.js';
import {Rows} from './rows.js';

const AGAIN_MILLIS = 1000;
const $ = id => document.getElementById(id);

export class Queries {
  // nameOf(board, worker) is what people call a worker
  constructor(nameOf) {
    this.nameOf = nameOf;
    this.tasks = new Rows($('standout-rows'));
    this.jobs = new Map();
    this.rows = new Map();
    this.chosen = null;
    this.timer = 0;
    this.now = 0;
  }

  reset() { this.jobs.clear(); }

  take(jobs, board) {
    this.board = board;
    for (const job of jobs) this.jobs.set(job.job, job);
  }

  // The newest first; those that have gone from the board go from here.
  draw(now) {
    this.now = now;
    if ($('queries').hidden) return;
    const shown = [...this.jobs.values()].sort((a, b) => b.sinceMicros - a.sinceMicros).slice(0, 100);
    $('queries-empty').hidden = shown.length > 0;
    const wanted = new Set(shown.map(job => `${this.board}-${job.job}`));
    for (const [key, row] of this.rows) if (!wanted.has(key)) { row.item.remove(); this.rows.delete(key); }
    let before = null;
    for (const job of shown) {
      const row = this.row(job);
      const next = before ? before.nextSibling : $('jobs').firstChild;
      if (next !== row.item) $('jobs').insertBefore(row.item, next);
      before = row.item;
      const ended = job.untilMicros >= 0;
      row.title.textContent = job.title;
      row.state.textContent = job.failure ? 'failed' : ended ? duration(job.untilMicros - job.sinceMicros) : `running, ${duration(Math.max(0, now - job.sinceMicros))}`;
      row.state.className = job.failure ? 'wrong' : '';
      row.place.textContent = job.place;
      if (this.chosen === `${this.board}-${job.job}`) row.link.setAttribute('aria-current', 'true');
      else row.link.removeAttribute('aria-current');
    }
  }

  row(job) {
    const key = `${this.board}-${job.job}`;
    let row = this.rows.get(key);
    if (row) return row;
    const item = document.createElement('li');
    const link = item.appendChild(document.createElement('a'));
    link.href = `#query-${key}`;
    const title = link.appendChild(document.createElement('span'));
    const state = link.appendChild(document.createElement('span'));
    const place = link.appendChild(document.createElement('small'));
    row = {item, link, title, state, place};
    this.rows.set(key, row);
    return row;
  }

  async open(board, job) {
    this.close();
    this.chosen = `${board}-${job}`;
    $('query').hidden = false;
    this.draw(this.now);
    await this.show(board, job);
  }

  close() {
    clearTimeout(this.timer);
    this.chosen = null;
    $('query').hidden = true;
    this.draw(this.now);
  }

  // What the server drew is looked at as a picture, never as a part of the page that could do something.
  async show(board, job) {
    const asked = this.chosen, at = `/api/v1/boards/${board}/jobs/${job}`;
    let running = true;
    try {
      const [facts, picture, tasks] = await Promise.all([fetch(at), fetch(`${at}.svg`), fetch(`${at}/tasks`)]);
      if (this.chosen !== asked) return;
      if (!facts.ok || !picture.ok || !tasks.ok) {
        $('standouts').hidden = true;
        $('query-title').textContent = 'This query isn’t known';
        $('query-facts').textContent = 'Of the newest hundred queries of a session the plans are kept, until it is closed.';
        $('advice').replaceChildren();
        $('plan').replaceChildren();
        return;
      }
      const told = await facts.json(), standouts = await tasks.json();
      const drawn = new DOMParser().parseFromString(await picture.text(), 'image/svg+xml').documentElement;
      if (this.chosen !== asked) return;
      running = told.untilMicros < 0;
      $('query-title').textContent = told.title;
      $('query-facts').textContent = [
        told.place && `run at ${told.place}`,
        `${running ? 'running for' : 'took'} ${duration(told.micros)}`,
        `${count(told.stages.length)} ${told.stages.length === 1 ? 'stage' : 'stages'}`,
        told.rules.length ? `rules: ${told.rules.join(', ')}` : 'no rule changed the plan',
      ].filter(Boolean).join(' · ');
      $('query-failure').hidden = !told.failure;
      $('query-failure').textContent = told.failure;
      $('advice').replaceChildren(...told.advice.map(sentence => {
        const item = document.createElement('li');
        item.textContent = sentence;
        return item;
      }));
      $('plan').replaceChildren(document.importNode(drawn, true));
      this.drawTasks(standouts, told, board);
    } catch (e) {
      if (!(e instanceof TypeError)) throw e; // it isn't reached now; the banner says so
    }
    if (running && this.chosen === asked) this.timer = setTimeout(() => this.show(board, job), AGAIN_MILLIS);
  }

  // Those that failed or took longest.
  drawTasks(standouts, told, board) {
    $('standouts').hidden = standouts.length === 0;
    const names = new Map(told.stages.map(stage => [stage.id, stage.steps.at(-1)?.label ?? '']));
    this.tasks.draw(standouts.map(t => ({key: `${t.stage}/${t.partition}/${t.attempt}/${t.startMicros}`, cells: [
      taskCell(board, t.stage, t.partition, `stage ${t.stage}: ${names.get(t.stage)}`),
      {text: this.nameOf(board, t.worker), href: workerLink(board, t.worker)},
      t.failed ? {text: 'failed', className: 'wrong'} : duration(t.durationMicros),
      count(t.rows),
      bytes(t.bytes),
    ]})));
  }
}
