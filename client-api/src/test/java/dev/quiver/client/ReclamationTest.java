package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import dev.quiver.error.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a session holds goes with the last that can read it.
class ReclamationTest {
    private static final long SECONDS = 20;
    private static final int ROWS = 200_000;
    private static final long SUM = LongStream.range(0, ROWS).sum();

    record Numbered(long id, double value) {}

    @TempDir Path temporary;
    private Session q;
    private DataFrame rows;
    private long before;

    @BeforeEach
    void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
        rows =
                q.of(
                        Numbered.class,
                        LongStream.range(0, ROWS).mapToObj(i -> new Numbered(i, i)).toList());
        before = held();
        assertThat(before).isPositive();
    }

    @AfterEach
    void close() {
        q.close();
    }

    private static long total(DataFrame frame) {
        return frame.agg(sum("id")).scalar(Long.class).orElseThrow();
    }

    private long held() {
        return ((OpenSession) q).store().chunks().bytes();
    }

    private void awaitHeld(long bytes) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (held() != bytes && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(held()).isEqualTo(bytes);
    }

    /// Time for what mustn't be released to be.
    private static void collect() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void persisted_frames_go_with_the_variable() throws InterruptedException {
        DataFrame kept = rows.filter(col("id").ge(lit(0))).persist();
        long one = held() - before;
        assertThat(one).isPositive();

        for (int i = 0; i < 50; i++) kept = rows.filter(col("id").ge(lit(0))).persist();

        awaitHeld(before + one);
        assertThat(total(kept)).isEqualTo(SUM);
        kept = rows;
        awaitHeld(before);
        assertThat(total(kept)).isEqualTo(SUM);
    }

    @Test
    void what_was_made_of_a_persisted_frame_keeps_it() throws InterruptedException {
        DataFrame derived = rows.persist().filter(col("id").lt(lit(10))).select("id");

        collect();

        assertThat(total(derived)).isEqualTo(45);
        assertThat(derived.explain()).contains("Persisted");
        derived = rows;
        awaitHeld(before);
        assertThat(total(derived)).isEqualTo(SUM);
    }

    @Test
    void a_query_that_runs_keeps_what_it_reads() throws InterruptedException {
        long seen = seenInPersisted();

        assertThat(seen).isEqualTo(SUM);
        awaitHeld(before);
    }

    /// A method of its own: once it is compiled, one that goes on may keep what it has read.
    private long seenInPersisted() throws InterruptedException {
        long seen = 0;
        try (Rows streamed = rows.persist().rows()) {
            Iterator<Row> iterator = streamed.iterator();
            seen += iterator.next().getLong("id");
            collect();
            while (iterator.hasNext()) seen += iterator.next().getLong("id");
        }
        return seen;
    }

    @Test
    void a_name_keeps_a_frame_until_it_is_taken_away() throws InterruptedException {
        rows.publish("numbers");
        collect();
        assertThat(total(q.catalog().frame("numbers"))).isEqualTo(SUM);

        q.catalog().unpublish("numbers");

        awaitHeld(before);
    }

    @Test
    void the_frame_of_a_table_keeps_the_table() throws InterruptedException {
        DataFrame frame = rows.collect().df();

        collect();

        assertThat(total(frame)).isEqualTo(SUM);
        assertThat(((OpenSession) q).queries().tables().forgotten()).isZero();
        frame = rows;
        awaitHeld(before);
        assertThat(total(frame)).isEqualTo(SUM);
    }

    @Test
    void rows_of_the_program_go_with_their_frame() throws InterruptedException {
        rows = q.of(Numbered.class, List.of());

        awaitHeld(0);

        assertThat(rows.count()).isZero();
    }

    @Test
    void a_frame_that_was_released_is_gone_and_no_other_goes_with_it() throws InterruptedException {
        DataFrame first = rows.persist();
        DataFrame second = rows.persist();

        first.release();
        collect();

        assertThatThrownBy(first::count).isInstanceOf(Unavailable.class);
        assertThat(total(second)).isEqualTo(SUM);
    }

    @Test
    void what_nobody_can_reach_goes_before_anything_is_spilled() {
        var options = Options.defaults().slots(2).memory("64MB").spill(temporary).quiet();
        try (Session small = Quiver.local(options)) {
            var numbers = LongStream.range(0, 100_000).mapToObj(i -> new Numbered(i, i)).toList();
            DataFrame one = small.of(Numbered.class, numbers);
            DataFrame half = one.union(one, one, one, one, one, one);
            DataFrame whole = half.union(half);
            assertThat(whole.persist().count()).isEqualTo(1_400_000);

            DataFrame kept = whole.persist();

            assertThat(kept.count()).isEqualTo(1_400_000);
            assertThat(small.usage().spilledBytes()).isZero();
        }
    }
}
