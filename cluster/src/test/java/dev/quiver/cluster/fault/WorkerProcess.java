package dev.quiver.cluster.fault;

import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.Lifespan;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.worker.store.SpillRoom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The `main` of a worker's process in tests.
final class WorkerProcess {
    private WorkerProcess() {}

    /// The program's main class, in a JVM of its own.
    private static ProcessBuilder driver(Path program, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", program.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    public static void main(String[] arguments) throws InterruptedException {
        var setup =
                new WorkerNode.Setup(
                        SchedulerAddress.parseAll(arguments[0]),
                        arguments[1],
                        arguments.length > 4 ? arguments[4] : "127.0.0.1",
                        Integer.parseInt(arguments[2]),
                        Long.parseLong(arguments[3]),
                        SpillRoom.of(Settings.ofProcess()),
                        WorkerNode.Setup.PATIENCE,
                        Credentials.of(Settings.ofProcess()),
                        "",
                        Lifespan.ENDLESS);
        var end = new CountDownLatch(1);
        ProcessHandle.current().parent().orElseThrow().onExit().thenRun(end::countDown);
        try (WorkerNode node = WorkerNode.start(setup, WorkerProcess::driver)) {
            System.out.println("ready");
            node.onEnd(end::countDown);
            end.await();
            System.out.println("ends: " + node.end());
        }
    }
}
