// Where what is named can be looked at.
import {count} from './format.js';

export const workerLink = (board, id) => `#worker-${board}-${id}`;

export const taskLink = (board, stage, partition) => `#task-${board}-${stage}-${partition}`;

// What a task is called in a table.
export const taskCell = (board, stage, partition, name) =>
  ({text: `${name || `stage ${stage}`}, partition ${count(partition)}`, href: taskLink(board, stage, partition), className: 'words'});
