package dev.quiver.docs;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.cluster.process.DriverProcesses;
import dev.quiver.config.Settings;
import dev.quiver.worker.store.SpillRoom;
import java.util.ArrayList;
import java.util.List;

/// Where the code of a page runs: a session, and what it needs around it.
record Place(Session session, List<Runnable> around) implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 38_786;
    private static final long MEMORY_BYTES = 512L << 20;
    private static final SpillRoom SPILL = SpillRoom.of(Settings.defaults());

    /// The page about clusters has one.
    static Place of(Page page) {
        return page.name().equals("cluster") ? cluster() : local();
    }

    private static Place local() {
        return new Place(Quiver.local(Options.defaults().quiet()), List.of());
    }

    private static Place cluster() {
        SchedulerNode scheduler = SchedulerNode.start(new SchedulerNode.Setup(HOST, PORT));
        String address = scheduler.address();
        var around = new ArrayList<Runnable>();
        for (int i = 0; i < 3; i++) {
            var setup =
                    new WorkerNode.Setup(
                            scheduler.place(), "worker-" + i, HOST, 1, MEMORY_BYTES, SPILL);
            around.add(WorkerNode.start(setup, DriverProcesses.Launcher.NONE)::close);
        }
        around.add(scheduler::close);
        return new Place(Quiver.connect(address, Options.defaults().quiet()), around);
    }

    @Override
    public void close() {
        session.close();
        around.forEach(Runnable::run);
    }
}
