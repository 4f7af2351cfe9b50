package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientNotice;
import java.util.List;

/// Tells a client that has come, or come back, all that holds.
final class Retelling {
    private final Board board;

    Retelling(Board board) {
        this.board = board;
    }

    void attached(long client, List<Integer> stages) {
        board.notify(client, new ClientNotice.Accepted(board.heard.getOrDefault(client, 0L)));
        for (int id : stages) {
            if (board.stages.get(id) == null) {
                board.notify(client, new ClientNotice.StageForgotten(id));
            }
        }
        for (JobState job : board.jobs.values()) {
            if (job.client == client) {
                tell(job);
            }
        }
        board.coordination.retell(client);
    }

    private void tell(JobState job) {
        TaskFailure cause = job.cause;
        if (cause != null) {
            board.notify(
                    job.client,
                    new ClientNotice.JobFailed(job.id, cause.failure(), cause.origin()));
        }
        for (StageState stage : job.stages) {
            for (int p = 0; p < stage.tasks.size(); p++) {
                if (stage.tasks.flag(p, TaskPage.WANTED)) {
                    tell(stage, p);
                }
            }
            if (stage.finishReported) {
                board.notify(
                        job.client,
                        new ClientNotice.StageFinished(
                                stage.id(), stage.rows, stage.bytes, stage.nanos));
            }
        }
    }

    private void tell(StageState stage, int p) {
        TaskTable tasks = stage.tasks;
        TaskFailure failure = tasks.failure(p);
        if (tasks.phase(p) == Phase.IN_MEMORY) {
            board.notify(
                    stage.job.client,
                    new ClientNotice.TaskFinished(
                            stage.id(),
                            p,
                            tasks.attempt(p),
                            tasks.worker(p),
                            tasks.rows(p),
                            tasks.bytes(p)));
        } else if (failure != null) {
            board.notify(
                    stage.job.client,
                    new ClientNotice.TaskFailed(
                            stage.id(), p, failure.failure(), failure.origin()));
        }
    }
}
