package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A query that fails while it runs tells which of its steps did, and which line wrote that.
@Timeout(60)
final class FailedStepTest {
    record Sale(String region, long amount) {}

    private final Session q = Quiver.local(Options.defaults().slots(2).memory("1GB").quiet());

    @TempDir private Path directory;

    @AfterEach
    void close() {
        q.close();
    }

    private DataFrame sales() {
        return q.of(
                Sale.class, List.of(new Sale("north", 3), new Sale("north", Long.MAX_VALUE - 1)));
    }

    /// The line below the one that asks.
    private static String nextLine() {
        int line =
                StackWalker.getInstance()
                        .walk(f -> f.skip(1).findFirst())
                        .orElseThrow()
                        .getLineNumber();
        return "FailedStepTest.java:" + (line + 1);
    }

    private static QuiverException failure(DataFrame frame) {
        return catchThrowableOfType(QuiverException.class, frame::collect);
    }

    @Test
    void a_step_that_computes_is_named_with_the_line_that_wrote_it() {
        DataFrame kept = sales().filter(col("amount").gt(5));
        String line = nextLine();
        DataFrame doubled = kept.withColumn("twice", col("amount").multiply(2));
        DataFrame sorted = doubled.sort("twice");

        QuiverException thrown = failure(sorted);

        assertThat(thrown.code()).isEqualTo(ErrorCode.OVERFLOW);
        assertThat(thrown.where()).contains("step: select region, amount, twice, at " + line);
        assertThat(thrown.where().getLast()).startsWith("asked for at: ");
    }

    @Test
    void a_function_of_the_users_is_named_by_the_verb_that_calls_it() {
        String line = nextLine();
        var odd = sales().as(Sale.class).filter(sale -> sale.amount() / (sale.amount() - 3) > 0);

        var thrown = catchThrowableOfType(TaskFailed.class, odd::toList);

        assertThat(thrown.where()).contains("step: filter by a function, at " + line);
    }

    @Test
    void what_ends_a_stage_is_a_step_too() {
        var grouping = sales().groupBy("region");
        String line = nextLine();
        DataFrame sums = grouping.agg(sum("amount"));

        QuiverException thrown = failure(sums);

        assertThat(thrown.code()).isEqualTo(ErrorCode.OVERFLOW);
        assertThat(thrown.where()).anyMatch(where -> where.endsWith(", at " + line));
    }

    @Test
    void a_file_that_breaks_in_the_middle_is_named_with_the_line_that_reads_it()
            throws IOException {
        Path file = Files.writeString(directory.resolve("ages.csv"), "age\n36\nunknown\n");
        var reader = q.read().type("age", DataType.INT64);
        String line = nextLine();
        DataFrame ages = reader.csv(file);

        QuiverException thrown = failure(ages.filter(col("age").gt(1)));

        assertThat(thrown.code()).isEqualTo(ErrorCode.BAD_VALUE);
        assertThat(thrown.where())
                .anyMatch(where -> where.startsWith("step: ") && where.endsWith(", at " + line));
    }

    @Test
    void a_long_step_is_cut() {
        DataFrame wide = sales();
        for (int i = 0; i < 20; i++)
            wide = wide.withColumn("column" + i, col("amount").multiply(2));

        QuiverException thrown = failure(wide);

        List<String> where = thrown.where();
        String step = where.get(where.size() - 2);
        assertThat(step).startsWith("step: select region, amount, column0").contains("…, at ");
        assertThat(step.length()).isLessThan(120);
    }
}
