package dev.quiver.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Where in the user's program something was thrown.
final class UserLineTest {
    @AfterEach
    void reset() {
        UserLine.cells(_ -> Optional.empty());
    }

    private static Throwable thrownIn(String className, String file, int line) {
        var thrown = new IllegalStateException();
        thrown.setStackTrace(
                new StackTraceElement[] {
                    new StackTraceElement("dev.quiver.client.QueryRun", "run", "QueryRun.java", 3),
                    new StackTraceElement(className, "main", file, line)
                });
        return thrown;
    }

    @Test
    void a_program_is_named_by_file_and_line() {
        Throwable thrown = thrownIn("com.example.Report", "Report.java", 42);

        assertThat(UserLine.of(thrown)).contains("Report.java:42");
    }

    @Test
    void what_is_typed_into_a_shell_is_named_by_its_number() {
        Throwable thrown = thrownIn("REPL.$JShell$23B", "$JShell$23B.java", 8);

        assertThat(UserLine.of(thrown)).contains("#23");
    }

    @Test
    void a_notebook_names_the_cells_that_it_knows() {
        UserLine.cells(number -> Optional.of("cell [4]").filter(_ -> number.equals("23")));
        Throwable known = thrownIn("REPL.$JShell$23", "$JShell$23.java", 8);
        Throwable other = thrownIn("REPL.$JShell$24", "$JShell$24.java", 8);

        assertThat(UserLine.of(known)).contains("cell [4]");
        assertThat(UserLine.of(other)).contains("#24");
    }

    @Test
    void what_a_notebook_shows_by_itself_is_of_the_cell_that_runs() {
        UserLine.cells(number -> Optional.of("cell [5]").filter(_ -> number.isEmpty()));

        Optional<String> place = CompletableFuture.supplyAsync(UserLine::here).join();

        assertThat(place).contains("cell [5]");
        assertThat(UserLine.of(thrownIn("org.dflib.jjava.Renderer", "Renderer.java", 181)))
                .isEmpty();
    }
}
