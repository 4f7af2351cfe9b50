package dev.quiver.scheduler.server;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayDeque;

/// What a scheduler says and may not leave before the log is safe: notices wait for every record
/// that was written before them, messages to workers only for those that may take something away.
final class Departures {
    /// Where they go.
    interface Way {
        void tell(int worker, WorkerLink link, SchedulerMessage message);

        void hear(long client, ClientNotice notice);
    }

    private record Message(long after, int worker, WorkerLink link, SchedulerMessage message) {}

    private record Notice(long after, long client, ClientNotice notice) {}

    private final JobLog log;
    private final Way way;
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private final ArrayDeque<Notice> notices = new ArrayDeque<>();
    private long written;
    private long writtenAhead;
    private long safe;

    Departures(JobLog log, Way way) {
        this.log = log;
        this.way = way;
    }

    /// A record was written.
    ///
    /// @param ahead of everything, not only of notices
    void wrote(long record, boolean ahead) {
        written = record;
        if (ahead) writtenAhead = record;
    }

    void tell(int worker, WorkerLink link, SchedulerMessage message) {
        if (messages.isEmpty() && writtenAhead <= safe) way.tell(worker, link, message);
        else messages.add(new Message(writtenAhead, worker, link, message));
    }

    void hear(long client, ClientNotice notice) {
        if (notices.isEmpty() && written <= safe) way.hear(client, notice);
        else notices.add(new Notice(written, client, notice));
    }

    /// Lets go what may leave by now.
    void leave() {
        safe = log.safe();
        for (Message next = messages.peek();
                next != null && next.after <= safe;
                next = messages.peek()) {
            messages.remove();
            way.tell(next.worker, next.link, next.message);
        }
        for (Notice next = notices.peek();
                next != null && next.after <= safe;
                next = notices.peek()) {
            notices.remove();
            way.hear(next.client, next.notice);
        }
    }
}
