// The page of all pipelines, and that of each: its steps, what its gates turned away, and the runs before.
import {Asking} from './asking.js';
import {bytes, count, duration, rate} from './format.js';
import {Rows, facts} from './rows.js';

const $ = id => document.getElementById(id);
const BAD = new Set(['failed', 'killed']);

export const pipelineLink = name => `#pipeline-${encodeURIComponent(name)}`;

const took = run => duration(run.millis * 1000);
const state = run => ({text: run.state === 'running' && run.resumes ? 'running, goes on' : run.state, className: BAD.has(run.state) ? 'wrong' : ''});
const some = n => n ? count(n) : '';
const memory = n => n ? bytes(n) : '';
const speed = s => s.rowsRead && s.millis >= 1 ? `${rate(s.rowsRead / s.millis * 1000)} rows/s` : '';
const units = run => run.units ? {text: `${count(run.unitsDone)} of ${count(run.units)}`, meter: run.unitsDone / run.units, high: 1.1, label: `units of ${run.run} that are done`} : '';
const merged = run => run.inserted + run.updated + run.unchanged ? `${count(run.inserted)} inserted, ${count(run.updated)} updated, ${count(run.unchanged)} unchanged` : '';

export class Pipelines {
  constructor() {
    this.rows = new Rows($('pipeline-rows'));
    this.asking = new Asking(told => this.draw(told));
  }

  open() { this.asking.start(null, '/pipelines'); }

  close() { this.asking.stop(); }

  draw(told) {
    if (!told) return;
    $('pipelines-empty').hidden = told.pipelines.length > 0;
    this.rows.draw(told.pipelines.map(run => ({key: run.pipeline, cells: [
      {text: run.pipeline, href: pipelineLink(run.pipeline), className: 'words'},
      state(run),
      {text: run.step ? `${run.run}: ${run.step}` : run.run, className: 'words'},
      units(run),
      count(run.rows),
      {text: some(run.quarantined), className: run.quarantined ? 'wrong' : ''},
      some(run.retries),
      took(run),
      new Date(run.began).toLocaleString(),
    ]})));
  }
}

export class Pipeline {
  constructor() {
    this.steps = new Rows($('pipeline-steps'));
    this.rules = new Rows($('pipeline-rules'));
    this.bad = new Rows($('pipeline-bad'));
    this.history = new Rows($('pipeline-history'));
    this.asking = new Asking(told => this.draw(told), 1000, true);
  }

  open(name) {
    this.name = name;
    this.asking.start(null, `/pipelines/${encodeURIComponent(name)}`);
  }

  close() { this.asking.stop(); }

  draw(told) {
    $('pipeline-tables').hidden = !told;
    $('pipeline-unknown').hidden = !!told;
    $('pipeline-failure').hidden = !told?.failure;
    if (!told) {
      $('pipeline-title').textContent = 'This pipeline isn’t known';
      facts($('pipeline-facts'), []);
      return;
    }
    $('pipeline-title').textContent = told.pipeline;
    facts($('pipeline-facts'), this.facts(told));
    if (told.failure) $('pipeline-failure').textContent = [told.failure.what, ...told.failure.where, `What to do: ${told.failure.fix}`].join('\n');
    this.steps.draw(told.steps.map((s, i) => ({key: i, cells: [
      {text: s.step, className: 'words'},
      s.state === 'running' ? 'runs' : i === told.steps.length - 1 && told.failure ? {text: told.state, className: 'wrong'} : 'ended',
      some(s.units),
      some(s.rowsRead),
      some(s.rows),
      {text: some(s.quarantined), className: s.quarantined ? 'wrong' : ''},
      some(s.dropped),
      {text: some(s.retries), className: s.retries ? 'wrong' : ''},
      speed(s),
      memory(s.bytes),
      memory(s.peakBytes),
      duration(s.millis * 1000),
    ]})));
    this.drawBad(told);
    this.drawHistory(told);
  }

  facts(run) {
    const refused = run.failure?.code === 'GATE_FAILED';
    return [
      ['state', state(run).text],
      ['run', run.run],
      ['by', run.client ?? ''],
      ['started', run.trigger],
      ['began', new Date(run.began).toLocaleString()],
      [run.state === 'running' ? 'running for' : 'took', took(run)],
      ['checkpoints', run.units ? `${count(run.unitsDone)} of ${count(run.units)} units ${refused ? 'were done; the run was given up' : 'are done and stay'}` : ''],
      ['last checkpoint', run.kept ? new Date(run.kept).toLocaleTimeString() : ''],
      [refused ? 'rows that passed' : 'rows loaded', count(run.rows)],
      ['rows read', run.rowsRead ? `${count(run.rowsRead)}, ${speed(run)}` : ''],
      ['in quarantine', some(run.quarantined)],
      ['left out, seen before', some(run.dropped)],
      ['merged', merged(run)],
      ['tried again', run.retries ? `${count(run.retries)} ${run.retries === 1 ? 'time' : 'times'}` : ''],
      ['memory at most', memory(run.peakBytes)],
      ['differs from the last run', run.drift.join('; ')],
      ['ledger', run.ledger],
    ];
  }

  drawBad(told) {
    $('pipeline-good').hidden = told.quarantined > 0;
    $('pipeline-elsewhere').hidden = told.quarantined === 0 || told.rules.length > 0;
    $('pipeline-samples').hidden = told.badRows.length === 0;
    const all = told.rules.reduce((sum, r) => sum + r.rows, 0);
    this.rules.draw(told.rules.sort((a, b) => b.rows - a.rows).map(r => ({key: r.rule, cells: [
      {text: r.rule, className: 'words'}, count(r.rows), {text: `${(100 * r.rows / all).toFixed(1)} %`, meter: r.rows / all, high: 1.1, label: `share of ${r.rule}`},
    ]})));
    this.bad.draw(told.badRows.map((b, i) => ({key: i, cells: [
      {text: b.rule, className: 'words'}, b.column, {text: b.raw, className: 'words'}, {text: b.source, className: 'words'}, some(b.row),
    ]})));
  }

  drawHistory(told) {
    $('pipeline-first').hidden = told.history.length > 0;
    this.history.draw(told.history.map(run => ({key: `${run.run} ${run.began}`, cells: [
      run.run,
      state(run),
      new Date(run.began).toLocaleString(),
      took(run),
      count(run.rows),
      {text: some(run.quarantined), className: run.quarantined ? 'wrong' : ''},
      some(run.dropped),
      run.units ? `${count(run.unitsDone)} of ${count(run.units)}` : '',
      some(run.retries),
      run.trigger,
      {text: run.why, className: 'words'},
    ]})));
  }
}
