/// Where and when tasks run, as a pure state machine.
///
/// A shell drives it, by one thread at a time:
///
/// 1. [SchedulerEvent.Ticked] tells the time, before any other event when the time has changed and
///    at the latest at [SchedulerState#wakeNanos()].
/// 2. Clients' messages go in as [SchedulerEvent.ClientSaid], workers' as
///    [SchedulerEvent.WorkerSaid]: all reports that a worker has made since the last time go into
///    one event. Nothing waits for a delay: the shell takes what is there, and the busier it is the
///    larger the batches get. A client that submits closures one by one does the same with
///    `TasksAppended`.
/// 3. [SchedulerState#on] hands the commands to a consumer, which must not call back into the
///    state. [SchedulerCommand.Tell] goes to the worker's `WorkerState` as
///    `WorkerEvent.SchedulerSaid`; [SchedulerCommand.Notify] goes to the client.
/// 4. In one process: `WorkerJoined` once for each worker, no `WorkerLost`, a lease of
///    [SchedulerSettings#NO_LEASE] and a worker that doesn't report starts.
///
/// A job is stages ([dev.quiver.graph.Stage]) whose outputs are kept as long as a dependent needs
/// them or the client wants them. Submitted closures are tasks appended to a growing stage: one
/// growing stage for each combination of limits and purity, sealed and replaced by a fresh one
/// after some ten thousand tasks, so that the scheduler can forget it. What `then` and `delayed`
/// read are rows of `Edges`. Each task is released with `TasksReleased` when its future isn't
/// reachable any more or its result was taken.
///
/// A planner that decides from facts submits stages as wanted, gets `StageFinished`, reads
/// [SchedulerState#status] and [SchedulerState#output], appends the stages that read them and then
/// releases them.
@NullMarked
package dev.quiver.scheduler.state;

import org.jspecify.annotations.NullMarked;
