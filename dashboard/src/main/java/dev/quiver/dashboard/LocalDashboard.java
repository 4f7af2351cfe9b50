package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.DashboardAccess;
import dev.quiver.scheduler.server.RunHistory;
import dev.quiver.scheduler.server.Watched;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The dashboard of this process: one server for all schedulers in it, from when somebody asks for
/// the address of the first one until the last one goes.
public final class LocalDashboard implements Dashboard {
    private @Nullable DashboardServer server;
    private int boards;
    private int browsed;

    @Override
    public synchronized Shown show(Watched scheduler, RunHistory history) {
        return new OneShown(new Board(++boards, scheduler), new RunArchive(history));
    }

    /// On a server of its own: who may look at one scheduler may not look at all of the process.
    @Override
    public synchronized Shown show(Watched scheduler, DashboardAccess access, RunHistory history) {
        return new GuardedDashboard(
                new Board(++boards, scheduler),
                new GuardedEntrance(access),
                new RunArchive(history));
    }

    private synchronized DashboardServer served(RunArchive archive) {
        DashboardServer running = server;
        if (running == null) {
            running = DashboardServer.start(new Entrance.OwnMachine(), archive);
            server = running;
        }
        return running;
    }

    private synchronized void end(Board board) {
        board.close();
        DashboardServer running = server;
        if (running == null) return;
        running.remove(board);
        endIfUnused();
    }

    private synchronized void endIfUnused() {
        DashboardServer running = server;
        if (running == null || browsed > 0 || !running.boards().isEmpty()) return;
        running.close();
        server = null;
    }

    @Override
    public synchronized Served browse(RunHistory history) {
        var browsing = new Browsed(served(new RunArchive(history)).address());
        browsed++;
        return browsing;
    }

    private final class Browsed implements Served {
        private final URI address;
        private final AtomicBoolean closed = new AtomicBoolean();

        Browsed(URI address) {
            this.address = address;
        }

        @Override
        public URI address() {
            return address;
        }

        @Override
        public void close() {
            if (closed.getAndSet(true)) return;
            synchronized (LocalDashboard.this) {
                browsed--;
                endIfUnused();
            }
        }
    }

    private final class OneShown implements Shown {
        private final Board board;
        private final RunArchive archive;
        private boolean served;

        OneShown(Board board, RunArchive archive) {
            this.board = board;
            this.archive = archive;
        }

        @Override
        public URI address() {
            synchronized (LocalDashboard.this) {
                DashboardServer running = served(archive);
                if (!served) running.add(board);
                served = true;
                return running.address();
            }
        }

        @Override
        public String report() {
            return RunReport.of(board);
        }

        @Override
        public String report(String name, LongPredicate jobs) {
            return RunReport.of(board, name, jobs);
        }

        @Override
        public void keep() {
            archive.keep(board);
        }

        @Override
        public void keep(String name, LongPredicate jobs) {
            archive.keep(board, name, jobs);
        }

        @Override
        public void close() {
            end(board);
        }
    }
}
