package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pipeline that runs in another process is left alone; what it left when it was killed goes on,
/// or is given up when it can't.
final class StuckRunTest {
    private static final int SECONDS_MAX = 120;

    /// Its third unit takes a while the first time, so that the process can be killed in it.
    private static final String ORDERS =
            """
            import dev.quiver.client.*;
            import dev.quiver.pipeline.*;
            import java.nio.file.*;

            class Orders {
                public static void main(String[] args) {
                    Path here = Path.of(args[0]);
                    Pipeline orders = Pipeline.named("orders")
                            .ledger(here.resolve("ledger").toString())
                            .extract(read -> read.chunkBytes("4KB").csv(here + "/orders.csv"))
                            .load(Load.parquet(here.resolve("out").toString()).overwrite())
                            .troubled((step, unit) -> {
                                if (unit != 3 || Files.exists(here.resolve("there"))) return;
                                try {
                                    Files.writeString(here.resolve("there"), "");
                                    Thread.sleep(100_000);
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
                    try (Session q = Quiver.local()) {
                        System.out.println(orders.run(q));
                    }
                }
            }
            """;

    @TempDir private Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("Orders.java"), ORDERS);
        Files.writeString(directory.resolve("orders.csv"), "id,amount\n" + "1,10\n".repeat(5_000));
    }

    /// A process that is in the third unit.
    private Process holder() throws Exception {
        Path log = directory.resolve("log");
        Process holder =
                Spoken.process("run", directory + "/Orders.java", directory.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!Files.exists(directory.resolve("there"))) {
            assertThat(holder.isAlive() && System.nanoTime() < until)
                    .as(Files.readString(log))
                    .isTrue();
            Thread.sleep(20);
        }
        return holder;
    }

    private Spoken run() {
        return Spoken.by("-q", "run", directory + "/Orders.java", directory.toString());
    }

    private Spoken giveUp(String name, String... more) {
        List<String> words = new java.util.ArrayList<>(List.of("give-up", name));
        words.addAll(List.of("--ledger", directory + "/ledger"));
        words.addAll(List.of(more));
        return Spoken.by(words.toArray(String[]::new));
    }

    @Test
    void a_second_process_is_refused_and_a_third_goes_on_when_the_first_was_killed()
            throws Exception {
        Process first = holder();
        String refusal = "pipeline 'orders' is running in another process (%d)";

        Spoken second = run();
        Spoken givingUp = giveUp("orders");
        first.destroyForcibly().waitFor();
        Spoken third = run();

        System.out.println(second.err() + third.out());
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err())
                .contains(
                        refusal.formatted(first.pid()), "ledger: " + directory, "fix: wait until");
        assertThat(givingUp.status()).isEqualTo(1);
        assertThat(givingUp.err()).contains(refusal.formatted(first.pid()), "(UNAVAILABLE)");
        assertThat(third.out())
                .containsPattern("orders-1: 5000 rows loaded, [1-5] of 6 units by an earlier");
        assertThat(giveUp("orders").out())
                .isEqualTo("nothing to give up: run 'orders-1' is done\n");
    }

    @Test
    void a_run_whose_input_changed_is_given_up_by_the_command_that_the_error_names()
            throws Exception {
        holder().destroyForcibly().waitFor();
        Files.writeString(directory.resolve("orders.csv"), "id,amount\n1,10\n");

        String error = run().err();
        System.out.println(error);
        Matcher command = Pattern.compile(": quiver (give-up \\S+ --ledger \\S+),").matcher(error);
        assertThat(command.find()).as(error).isTrue();
        Process process =
                Spoken.process(command.group(1).split(" ")).redirectErrorStream(true).start();
        String answer = new String(process.getInputStream().readAllBytes());

        assertThat(answer)
                .containsPattern(
                        "gave up run 'orders-1', which had loaded \\d of 6 units; the next run"
                                + " begins anew\n"
                                + "$");
        assertThat(process.waitFor()).isZero();
        assertThat(giveUp("orders-1").out())
                .isEqualTo("nothing to give up: run 'orders-1' is given up\n");
        assertThat(run().out()).startsWith("orders-2: 1 rows loaded");
        Spoken runs = Spoken.by("runs", "--ledger", directory + "/ledger");
        System.out.println(runs.out());
        assertThat(runs.out().lines().skip(1))
                .hasSize(2)
                .allMatch(line -> line.length() <= 80)
                .element(1)
                .asString()
                .contains("given up");
        assertThat(Spoken.by("runs", "orders-1", "--ledger", directory + "/ledger").out())
                .contains("orders-1: given up\n", "\ngiven up  20");
    }

    @Test
    void a_run_that_was_publishing_is_given_up_only_by_force() throws IOException {
        var publishing = new AtomicInteger();
        try (Session q = Quiver.local(Options.defaults().slots(1).quiet())) {
            Pipeline broken =
                    Pipeline.named("orders")
                            .ledger(directory + "/ledger")
                            .extract(read -> read.csv(directory + "/orders.csv"))
                            .load(Load.parquet(directory + "/out").append())
                            .troubled((step, _) -> {
                                if (step.equals("publish") && publishing.incrementAndGet() == 2)
                                    throw new IllegalStateException("gone");
                            });
            assertThatThrownBy(() -> broken.run(q)).hasMessageContaining("gone");
        }

        Spoken refused = giveUp("orders");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("run 'orders-1' was publishing: rows of it may be visible already")
                .contains("fix: run the pipeline again, which publishes the rest; or say --force");
        assertThat(giveUp("orders", "--force").out()).startsWith("gave up run 'orders-1'");
        assertThat(giveUp("ordesr").err()).contains("did you mean 'orders'?");
    }
}
