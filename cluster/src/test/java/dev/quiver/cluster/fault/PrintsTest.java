package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PrintsTest {
    private TestCluster cluster;
    private Session q;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printedOut = new ByteArrayOutputStream();
    private final ByteArrayOutputStream printedErr = new ByteArrayOutputStream();

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = TestCluster.start(directory, 1);
        q = cluster.connect();
    }

    @AfterAll
    void stop() {
        q.close();
        cluster.close();
    }

    @BeforeEach
    void listen() {
        printedOut.reset();
        printedErr.reset();
        System.setOut(new PrintStream(printedOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(printedErr, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    private static List<String> lines(ByteArrayOutputStream printed) {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void what_a_task_prints_is_there_before_its_result_with_the_name_of_its_worker() {
        QFuture<Integer> answer =
                q.submit(() -> {
                    System.out.println("the answer is");
                    System.out.print("forty-");
                    System.out.print("two");
                    System.err.println("é");
                    return 42;
                });

        int result = answer.result();

        assertThat(result).isEqualTo(42);
        assertThat(lines(printedOut)).containsExactly("[w0] the answer is", "[w0] forty-two");
        assertThat(lines(printedErr)).containsExactly("[w0] é");
    }

    @Test
    void what_a_task_prints_that_throws_is_there() {
        QFuture<Integer> bad =
                q.submit(() -> {
                    System.out.println("so far");
                    throw new IllegalStateException("no further");
                });

        assertThatThrownBy(bad::result).hasRootCauseMessage("no further");

        assertThat(lines(printedOut)).containsExactly("[w0] so far");
    }

    record Person(String name) {}

    @Test
    void what_a_function_in_a_query_prints_is_there() {
        var people = q.of(Person.class, List.of(new Person("Ada"), new Person("Grace")));

        long rows =
                people.as(Person.class)
                        .filter(person -> {
                            System.out.println("hello " + person.name());
                            return true;
                        })
                        .df()
                        .count();

        assertThat(rows).isEqualTo(2);
        assertThat(lines(printedOut)).contains("[w0] hello Ada", "[w0] hello Grace");
    }

    @Test
    void of_lines_without_end_some_are_shown_and_the_others_counted() {
        QFuture<Integer> chatty =
                q.submit(() -> {
                    IntStream.range(0, 50_000).forEach(i -> System.out.println("line " + i));
                    return 0;
                });

        chatty.result();

        List<String> shown = lines(printedOut);
        assertThat(shown).startsWith("[w0] line 0").hasSizeLessThan(50_000);
        long missing =
                lines(printedErr).stream()
                        .filter(line -> line.contains("lines more"))
                        .mapToLong(
                                line -> Long.parseLong(line.replaceAll("[^0-9]", "").substring(1)))
                        .sum();
        assertThat(shown.size() + missing).isEqualTo(50_000);
    }

    @Test
    void a_session_that_wants_none_is_shown_none() {
        try (Session silent =
                Quiver.connect(cluster.address(), Options.defaults().quiet().prints(false))) {
            int two =
                    silent.submit(
                                    () -> {
                                        System.out.println("unheard");
                                        return 2;
                                    })
                            .result();

            assertThat(two).isEqualTo(2);
            assertThat(lines(printedOut)).isEmpty();
        }
    }
}
