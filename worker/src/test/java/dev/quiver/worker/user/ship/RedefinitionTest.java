package dev.quiver.worker.user.ship;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jshell.JShell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// JShell's usual mode runs cells in a JVM of its own, and puts new code into classes that are
/// loaded there. (It gives that up for a class whose name another loader has, too: a worker in the
/// same JVM comes last.)
@Timeout(120)
final class RedefinitionTest {
    @Test
    void a_method_that_is_written_again_in_place_is_sent_again() {
        try (var cells = Cells.withLibraries(JShell.builder().build())) {
            cells.run("int k = 5; record Lot(int n) {} int twice(int x) { return 2 * x * k; }");
            cells.run("Call<Lot> call = () -> new Lot(twice(3)); var before = Desk.send(call);");

            cells.run("int twice(int x) { return 3 * x * k; }");

            assertThat(cells.run("call.call().n()")).isEqualTo("45");
            assertThat(cells.run("Desk.run(call)")).isEqualTo("Lot[n=45]");
            assertThat(cells.run("Desk.opened(before, call)")).isEqualTo("Lot[n=30]");
            assertThat(cells.run("Desk.run(call).equals(Desk.opened(before, call))"))
                    .isEqualTo("false");
            assertThat(cells.run("Desk.run(() -> new Lot(30)).equals(Desk.opened(before, call))"))
                    .isEqualTo("true");
            assertThat(cells.run("Desk.loaders()")).isEqualTo("2");
        }
    }
}
