package dev.quiver.deploy;

import dev.quiver.cluster.process.Rehearsal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `quiver rehearse`: what the launcher has a JVM write down, so that nodes start fast.
@Command(
        name = "rehearse",
        hidden = true,
        description =
                "Run a small cluster in this process, for a JVM that writes down what nodes need.")
final class RehearseCommand implements Callable<Integer> {
    private static final int ROUNDS = 10;

    @Override
    public Integer call() {
        NodeCommands.load("quiver rehearse");
        Rehearsal.run(ROUNDS);
        return NodeCommands.OK;
    }
}
