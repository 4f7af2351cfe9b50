package dev.quiver.notebook;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.RichDisplay;
import dev.quiver.dataframe.Table;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What notebooks show of Quiver's objects.
final class MimeBundleTest {
    record City(String name, @Nullable Double area) {}

    @SuppressWarnings("NullAway.Init") // by open()
    private Session session;

    @BeforeEach
    void open() {
        session = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterEach
    void close() {
        session.close();
    }

    private DataFrame cities(int count) {
        return session.of(
                City.class,
                IntStream.range(0, count)
                        .mapToObj(i -> new City("city " + i, i % 2 == 0 ? i * 1.5 : null))
                        .toList());
    }

    private static String html(Object value) {
        return MimeBundle.of(value).orElseThrow().get(MimeBundle.HTML);
    }

    private static String text(Object value) {
        return MimeBundle.of(value).orElseThrow().get(MimeBundle.TEXT);
    }

    @Test
    void a_frame_is_shown_by_its_first_rows_under_names_and_types() {
        DataFrame frame = cities(12).filter(col("name").ne("city 1"));

        String html = html(frame);

        assertThat(html)
                .contains("name<span class=\"type\">utf8", "float64", "<td>city 0</td>")
                .contains("<span class=\"null\">null</span>", "the first 10 rows × 2 columns")
                .contains("<td>city 10</td>")
                .doesNotContain("city 11");
        assertThat(text(frame)).startsWith("name").contains("city 0", "the first 10 rows");
    }

    @Test
    void what_is_known_of_rows_and_memory_is_told() {
        DataFrame few = cities(3).filter(col("area").isNotNull());
        DataFrame kept = cities(3000).filter(col("area").isNotNull()).persist();

        try (Table table = kept.collect()) {
            assertThat(html(few)).contains("2 rows × 2 columns</div>");
            assertThat(html(kept)).contains("1,500 rows × 2 columns, ", "in memory</div>");
            assertThat(html(table)).contains("1,500 rows × 2 columns, ");
        }
    }

    @Test
    void nothing_of_names_and_values_is_markup() {
        DataFrame frame =
                session.of(City.class, List.of(new City("<script>alert('x')</script>", 1.0)))
                        .rename("area", "<img src=x onerror=\"alert(1)\">");

        String html = html(frame);

        assertThat(html)
                .doesNotContain("<script", "<img")
                .contains("&lt;script&gt;alert(&#39;x&#39;)", "&lt;img src=x onerror=&quot;");
    }

    @Test
    void texts_kept_as_codes_are_marked() {
        DataFrame frame = cities(3).withColumn("coded", col("name").cat().encode());

        assertThat(html(frame))
                .contains("coded<span class=\"type\">categorical<span class=\"coded\"");
    }

    @Test
    void reports_and_sessions_are_shown_with_their_numbers() {
        DataFrame frame = cities(100).filter(col("area").gt(10));

        assertThat(html(frame.analyze())).contains("filter area &gt; 10", "peak memory");
        assertThat(html(frame.persist().memory())).contains("float64", "encoding saved");
        assertThat(html(session)).contains("0 of 2 slots busy");
        assertThat(text(session)).contains("Session[local, 2 slots]: 0 of 2 slots busy");
    }

    @Test
    void a_pipeline_is_shown_by_what_it_would_do_did_and_wrote(@TempDir Path folder)
            throws IOException {
        Files.writeString(folder.resolve("in.csv"), "id,amount\n1,10\n2,\n3,30\n");
        Pipeline sales =
                Pipeline.named("sales")
                        .ledger(folder + "/ledger/")
                        .extract(read -> read.csv(folder.resolve("in.csv")))
                        .gate(Gate.rules().notNull("amount").quarantine(folder + "/bad/"))
                        .load(Load.csv(folder + "/out/"));

        String tried = html(sales.dryRun(session, 10));
        String done = html(sales.run(session));
        String past = html(History.of(folder + "/ledger/"));
        String written = text(cities(3).write().csv(folder + "/cities.csv"));

        assertThat(tried).contains("amount", "2 rows would be loaded, 1 turned away", "30</td>");
        assertThat(done).contains("load csv ", ">publish<", "sales-1: 2 rows loaded, 1 in");
        assertThat(past).contains("sales-1", ">done<", ">1 of 1<", "1 run, the newest first");
        assertThat(written).startsWith("3 rows, ").endsWith("1 file: " + folder + "/cities.csv");
    }

    @Test
    void showing_leaves_no_memory_behind() {
        DataFrame frame = cities(100);
        long before = session.usage().memoryBytes();

        for (int i = 0; i < 100; i++) html(frame.filter(col("area").gt(10)));

        // what the last run's tasks held is given back when the scheduler has heard of its end
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (session.usage().memoryBytes() > before && System.nanoTime() < untilNanos)
            Thread.onSpinWait();
        assertThat(session.usage().memoryBytes()).isEqualTo(before);
    }

    @Test
    void others_show_what_they_say_and_strings_nothing() {
        RichDisplay badge = () -> Map.of(MimeBundle.HTML, "<b>7</b>", MimeBundle.TEXT, "7");

        assertThat(html(badge)).isEqualTo("<b>7</b>");
        assertThat(MimeBundle.of("text")).isEmpty();
    }
}
