package dev.quiver.notebook;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.error.Cancelled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Displays that change while the cell runs and afterwards, and what an interrupt does.
@Timeout(60)
final class LiveDisplayTest {
    record Number(long value) {}

    /// A page that writes down what it is shown.
    private static final class Page implements Cells {
        private final BlockingQueue<Map<String, String>> shown = new LinkedBlockingQueue<>();

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public Optional<LiveDisplay> show(Map<String, String> bundle) {
            shown.add(bundle);
            return Optional.of(shown::add);
        }

        /// Waits until it is shown a text.
        private String text(String part) throws InterruptedException {
            return bundle(part).get(MimeBundle.TEXT);
        }

        private Map<String, String> bundle(String part) throws InterruptedException {
            Map<String, String> last = shown.take();
            while (!last.get(MimeBundle.TEXT).contains(part)) last = shown.take();
            return last;
        }
    }

    private final Page page = new Page();
    private final Session session = Quiver.local(Options.defaults().slots(2));

    @BeforeEach
    void open() {
        NotebookFrontEnd.open(page);
    }

    @AfterEach
    void close() {
        session.close();
        NotebookFrontEnd.close();
    }

    private DataFrame numbers(long count) {
        return session.of(Number.class, LongStream.range(0, count).mapToObj(Number::new).toList());
    }

    @Test
    void tasks_are_shown_until_the_last_one_has_ended() throws InterruptedException {
        var gate = new CountDownLatch(1);
        List<QFuture<Integer>> futures =
                session.map(
                        i -> {
                            gate.await();
                            if (i == 3) throw new IllegalStateException("<b>three</b>");
                            return i;
                        },
                        List.of(1, 2, 3));

        Map<String, String> beside = LiveTasks.show(futures).orElseThrow();
        String before = page.text("3 tasks");
        gate.countDown();
        String after = page.text("2 finished, 1 failed");

        assertThat(beside).containsOnly(Map.entry(MimeBundle.TEXT, "3 tasks"));
        assertThat(before).startsWith("[....................] 3 tasks: ");
        assertThat(after).contains("IllegalStateException: <b>three</b>");
        assertThat(LiveTasks.show(futures).orElseThrow().get(MimeBundle.HTML))
                .contains("&lt;b&gt;three&lt;/b&gt;")
                .doesNotContain("<b>three");
    }

    @Test
    void other_collections_are_no_tasks() {
        assertThat(LiveTasks.show(List.of(1, 2))).isEmpty();
        assertThat(LiveTasks.show(List.of())).isEmpty();
    }

    @Test
    void a_run_that_takes_a_while_shows_its_stages_and_then_its_time() throws InterruptedException {
        DataFrame slow =
                numbers(100)
                        .mapBatches(batch -> {
                            Thread.sleep(700);
                            return batch;
                        });

        slow.agg(count()).collect().close();

        Map<String, String> last = page.bundle("done after");
        assertThat(last.get(MimeBundle.TEXT)).contains("[####################]", "1 of 1, 1 row\n");
        assertThat(last.get(MimeBundle.HTML))
                .containsPattern("<details[^>]*><summary>done after [^<]*, \\d stages?</summary>");
    }

    @Test
    void an_interrupt_cancels_what_the_cell_waits_for() throws InterruptedException {
        List<QFuture<Integer>> futures =
                session.map(
                        i -> {
                            Thread.sleep(60_000);
                            return i;
                        },
                        List.of(1, 2, 3));

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> session.gather(futures)).isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        for (QFuture<Integer> future : futures) {
            assertThatThrownBy(future::result).isInstanceOf(Cancelled.class);
            assertThat(future.status()).isEqualTo(Status.CANCELLED);
        }
    }

    @Test
    void a_plan_is_a_picture_without_script() {
        DataFrame one = numbers(100).filter(col("value").gt(3));
        DataFrame frame = one.join(numbers(5), How.INNER, "value").rename("value", "<script>");

        Map<String, String> bundle = MimeBundle.of(frame.visualize()).orElseThrow();

        assertThat(bundle.get(MimeBundle.TEXT)).isEqualTo(frame.explain());
        assertThat(bundle.get(MimeBundle.SVG))
                .startsWith("<svg ")
                .contains("Filter[value &gt; 3]", "Join[inner: value]", "5 rows, 40 B")
                .doesNotContain("<script");
    }

    @Test
    void a_traceback_has_the_lines_that_people_wrote() {
        var own = new StackTraceElement("REPL.$JShell$3", "deep", "#3", 1);
        var foreign = new StackTraceElement("dev.quiver.client.OpenSession", "gather", "A.java", 2);

        assertThat(
                        Traceback.frames(
                                new StackTraceElement[] {foreign, own, own, own, own, foreign},
                                false))
                .containsExactly(own, own);
        assertThat(Traceback.frames(new StackTraceElement[] {foreign, foreign}, false))
                .containsExactly(foreign);
        assertThat(Traceback.message("a\nb\nc\nd\ne\nf\ng", false)).isEqualTo("a\nb\nc\nd\ne\nf …");
        assertThat(Traceback.message("a\nb", true)).isEqualTo("a …");
        assertThat(Traceback.message("a\n  b\n  c\n  d\n  e\n  f\n  fix: g", false))
                .isEqualTo("a\n  b\n  c\n  d\n  e …\n  fix: g");
    }
}
