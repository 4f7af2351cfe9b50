package dev.quiver.local;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dashboard.LocalDashboard;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.RunHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard's pages in the system's Chromium, over a session that runs.
@Tag("browser")
final class DashboardPagesTest {
    /// A column that would do something if it weren't taken as text.
    private static final String EVIL = "<img src=x onerror=window.evil=1>";

    private static Chromium chromium;
    private static Session session;

    private final List<String> complaints = new ArrayList<>();
    private Page page;

    record Flight(String carrier, int seats) {}

    record Carrier(String carrier, String name) {}

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        session = Quiver.local(Options.defaults().quiet().slots(2));
        session.dashboard();
        run();
    }

    /// A join, a query over a column with a bad name, tasks, and one that fails.
    private static void run() {
        List<Flight> flights =
                IntStream.range(0, 10_000).mapToObj(i -> new Flight("c" + i % 7, i % 300)).toList();
        List<Carrier> carriers =
                IntStream.range(0, 7).mapToObj(i -> new Carrier("c" + i, "Carrier " + i)).toList();
        try (Table joined =
                session.of(Flight.class, flights)
                        .join(session.of(Carrier.class, carriers), How.INNER, "carrier")
                        .groupBy("name")
                        .agg(col("seats").sum().as("seats"))
                        .sort("name")
                        .collect()) {
            assertThat(joined.rowCount()).isEqualTo(7);
        }
        session.of(Flight.class, flights).rename("seats", EVIL).sort(EVIL).collect().close();
        session.gather(session.map(i -> i * i, IntStream.range(0, 50).boxed().toList()));
        var failing =
                session.submit(() -> {
                    throw new IllegalStateException("no such gate: " + EVIL);
                });
        assertThatThrownBy(failing::result).hasMessageContaining("no such gate");
    }

    @AfterAll
    static void end() {
        session.close();
        chromium.close();
    }

    @BeforeEach
    void open() {
        page = page(session, 1280, 900);
    }

    private Page page(Session shown, int width, int height) {
        Page opened = chromium.page(width, height);
        opened.onPageError(complaints::add);
        opened.onConsoleMessage(message -> {
            // that a session has ended is found by asking for its stream once more
            boolean isEnd =
                    message.location().contains("/stream") && message.text().contains("404");
            if (message.type().equals("error") && !isEnd) complaints.add(message.text());
        });
        opened.navigate(shown.dashboard().toString());
        opened.locator("#stages li").first().waitFor();
        return opened;
    }

    @AfterEach
    void close() {
        Object evil = page.evaluate("window.evil");
        page.close();

        assertThat(evil).isNull();
        assertThat(complaints).isEmpty();
    }

    @Test
    void the_live_page_shows_stages_workers_and_failures() {
        assertThat(page.locator("#ended").textContent()).matches("[\\d,]+");
        assertThat(page.locator("#failed").textContent()).isEqualTo("1");
        assertThat(page.locator("#busy").textContent()).isEqualTo("0 of 2");
        assertThat(page.locator("#workers tr"))
                .satisfies(rows -> assertThat(rows.count()).isEqualTo(1));
        assertThat(page.locator("#failures li").first().textContent())
                .contains("no such gate: " + EVIL);
        assertThat(page.locator("#stages").textContent()).contains("tasks", "50");
    }

    @Test
    void what_runs_is_shown_without_loading_the_page_again() {
        var gate = new CountDownLatch(1);
        var waiting =
                session.submit(() -> {
                    gate.await();
                    return 1;
                });
        page.waitForCondition(() -> page.locator("#busy").textContent().equals("1 of 2"));
        gate.countDown();
        waiting.result();

        page.waitForCondition(() -> page.locator("#busy").textContent().equals("0 of 2"));
    }

    @Test
    void a_query_opens_by_the_keyboard_and_shows_what_each_step_did() {
        page.locator("#to-queries").focus();
        page.keyboard().press("Enter");
        Locator joined =
                page.locator("#jobs a")
                        .filter(new Locator.FilterOptions().setHasText("Sort[name]"));
        joined.focus();
        page.keyboard().press("Enter");
        page.locator("#plan svg.plan").waitFor();

        assertThat(page.locator("#query-title").textContent()).isEqualTo("Sort[name]");
        assertThat(page.locator("#query-facts").textContent())
                .contains("run at DashboardPagesTest.java:", "took ");
        assertThat(page.locator("#plan").textContent()).contains("10,000 rows", "7 rows");
        assertThat(page.locator("#live").isVisible()).isFalse();
        assertThat(joined.getAttribute("aria-current")).isEqualTo("true");
        page.goBack();
        page.goBack();
        assertThat(page.locator("#live").isVisible()).isTrue();
    }

    @Test
    void a_worker_opens_by_the_keyboard_and_shows_what_it_did() {
        page.locator("#to-workers").focus();
        page.keyboard().press("Enter");
        page.locator("#crew-rows a").first().focus();
        page.keyboard().press("Enter");
        page.locator("#worker-recent tr").first().waitFor();

        assertThat(page.locator("#worker-facts").textContent())
                .contains("slots busy0 of 2", "failed1", "in this process")
                .contains("cores busy", "Java heap of it", "written to spill files");
        assertThat(page.locator("#worker-recent").textContent()).contains("partition", "failed");
        assertThat(page.locator("#worker-idle").isVisible()).isTrue();
        assertThat(page.locator("#to-workers").getAttribute("aria-current")).isEqualTo("page");
    }

    @Test
    void a_task_opens_from_a_failure_a_query_and_the_stream() {
        page.locator("#failures a").first().click();
        page.locator("#tried-rows tr").first().waitFor();
        assertThat(page.locator("#one-why").textContent()).contains("no such gate: " + EVIL);
        assertThat(page.locator("#tried-rows").textContent()).contains("failed: ", EVIL);

        page.locator("#to-queries").click();
        page.locator("#jobs a")
                .filter(new Locator.FilterOptions().setHasText("Sort[name]"))
                .click();
        page.locator("#standout-rows a").first().click();
        page.locator("#one-query:not([hidden])").waitFor();
        assertThat(page.locator("#one-query").textContent()).isEqualTo("Its query: Sort[name]");
        assertThat(page.locator("#tried-rows").textContent()).contains("ended well in");

        page.locator("#to-live").click();
        openTaskOfStream();
        page.locator("#task[open] #task-page").click();
        page.locator("#one-story li").first().waitFor();
        assertThat(page.locator("#task[open]").count()).isZero();
    }

    @Test
    void memory_shows_what_is_kept_and_that_it_has_gone() {
        DataFrame kept =
                session.of(Flight.class, List.of(new Flight("c1", 1), new Flight("c2", 2)))
                        .persist();
        page.locator("#to-memory").focus();
        page.keyboard().press("Enter");
        Locator row =
                page.locator("#holding-rows tr")
                        .filter(new Locator.FilterOptions().setHasText("persisted-"));
        row.first().waitFor();

        assertThat(row.first().textContent()).contains("this process", "release()");
        assertThat(page.locator("#memory-facts").textContent()).contains("held for somebody");
        kept.release();
        page.waitForCondition(() -> row.count() == 0);
    }

    @Test
    void the_graph_shows_stages_with_their_states_and_leads_to_the_query() {
        var gate = new CountDownLatch(1);
        var first =
                session.submit(() -> {
                    gate.await();
                    return 1;
                });
        var then = first.then(one -> one + 1);
        page.locator("#to-graph").focus();
        page.keyboard().press("Enter");
        page.locator("#graph-groups .card.running").first().waitFor();

        assertThat(page.locator("#graph-groups .card.running .state").first().textContent())
                .contains("running, ", " of ");
        Locator joined =
                page.locator("#graph-groups > div")
                        .filter(new Locator.FilterOptions().setHasText("Sort[name]"));
        assertThat(joined.locator("path").count()).isPositive();
        assertThat(joined.locator(".card.done").count()).isGreaterThan(1);
        assertAccessible(ColorScheme.LIGHT);
        gate.countDown();
        then.result();
        page.locator("#graph-groups .card.failed").first().waitFor();
        joined.locator("a").first().focus();
        page.keyboard().press("Enter");
        page.locator("#plan svg.plan").waitFor();
        assertThat(page.locator("#query-title").textContent()).isEqualTo("Sort[name]");
    }

    @Test
    void data_shows_what_is_published_with_its_columns_until_it_is_not() {
        DataFrame kept =
                session.of(Flight.class, List.of(new Flight("c1", 1), new Flight("c2", 2)))
                        .rename("seats", EVIL)
                        .publish("flights");
        session.publish("rates", List.of(1, 2));
        page.locator("#to-data").focus();
        page.keyboard().press("Enter");
        page.locator("#data-rows tr").nth(1).waitFor();

        assertThat(page.locator("#data-rows").textContent())
                .contains("flightsframe of 2 columns2", "ratesvalue", "this process");
        page.locator("#schema-list summary").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#schema-list tbody").first().innerText())
                .contains("carrier", EVIL);
        page.locator("#schema-list .head tbody tr").nth(1).waitFor();
        assertThat(page.locator("#schema-list .head").innerText())
                .contains("First rows", "carrier", EVIL, "c1", "c2");
        assertAccessible(ColorScheme.LIGHT);
        session.catalog().unpublish("flights");
        session.catalog().unpublish("rates");
        kept.release();
        page.waitForCondition(() -> page.locator("#data-rows tr").count() == 0);
        assertThat(page.locator("#data-empty").isVisible()).isTrue();
    }

    @Test
    void a_pipeline_shows_its_steps_and_why_rows_were_turned_away(@TempDir Path directory)
            throws Exception {
        Path csv = directory.resolve("orders.csv");
        Files.writeString(csv, "id,note\n1,\n2,%s\n".formatted(EVIL) + "3,late\n".repeat(50));
        page.locator("#to-pipelines").focus();
        page.keyboard().press("Enter");
        page.locator("#pipelines-empty").waitFor();
        Page early = chromium.page(400, 800);
        early.navigate(session.dashboard() + "#pipeline-nightly-orders");
        early.locator("#pipeline-unknown").waitFor();
        Pipeline.named("nightly-orders")
                .ledger(directory.resolve("ledger").toString())
                .extract(read -> read.csv(csv.toString()))
                .gate(
                        Gate.rules()
                                .notNull("note")
                                .named("noted")
                                .oneOf("note", "late")
                                .quarantine(directory.resolve("bad").toString()))
                .load(Load.parquet(directory.resolve("out").toString()))
                .run(session);
        page.locator("#pipeline-rows a").focus();
        assertAccessible(ColorScheme.LIGHT);
        page.keyboard().press("Enter");
        page.locator("#pipeline-bad tr").first().waitFor();
        early.locator("#pipeline-bad tr").first().waitFor();
        early.close();

        assertThat(page.locator("#pipeline-title").textContent()).isEqualTo("nightly-orders");
        assertThat(page.locator("#pipeline-facts").textContent())
                .contains("statedone", "rows loaded50", "in quarantine2", "1 of 1 units");
        assertThat(page.locator("#pipeline-steps").textContent()).contains("extract", "publish");
        assertThat(page.locator("#pipeline-rules").textContent()).contains("noted150.0 %");
        assertThat(page.locator("#pipeline-bad").textContent()).contains("2," + EVIL);
        assertThat(page.locator("#pipeline-history").textContent()).contains("nightly-orders-1");
        assertAccessible(ColorScheme.LIGHT);
    }

    @Test
    void events_are_searched_and_filtered_and_lead_to_the_task() {
        page.locator("#to-events").focus();
        page.keyboard().press("Enter");
        page.locator("#event-rows tr").first().waitFor();
        int all = page.locator("#event-rows tr").count();
        page.locator("#event-level").selectOption("warning");
        assertThat(page.locator("#event-rows tr").count()).isBetween(1, all - 1);
        page.locator("#event-search").fill("GATE attempt");
        assertThat(page.locator("#event-rows tr").count()).isEqualTo(1);
        assertThat(page.locator("#event-rows").textContent())
                .contains("warning", "Attempt 1 at task", "no such gate: " + EVIL);
        page.locator("#event-search").fill("no event is called this");
        assertThat(page.locator("#event-none").isVisible()).isTrue();
        page.locator("#event-search").fill("gate attempt");
        page.locator("#event-rows a").focus();
        page.keyboard().press("Enter");
        page.locator("#tried-rows tr").first().waitFor();

        assertThat(page.locator("#tried-rows").textContent()).contains("failed: ", EVIL);
    }

    @Test
    void what_a_task_waited_for_is_told_in_words() {
        String words = (String) page.evaluate(StreamScripts.DELAYED_TASK);

        assertThat(words)
                .contains(
                        "partition 7 · ",
                        " · ran 1.0 s · fetched inputs for 500 ms",
                        " · of that spilled or read back for 2.0 ms")
                .doesNotContain("waited for memory");
        assertThat(page.locator(".legend").innerText()).contains("fetched its inputs before");
    }

    @Test
    void what_tasks_spend_time_on_is_sampled_while_the_page_is_open() {
        page.locator("#to-profile").focus();
        page.keyboard().press("Enter");
        page.locator("#profile-none:not([hidden])").waitFor();
        var spinning = new AtomicBoolean(true);
        var spun =
                session.submit(() -> {
                    long count = 0;
                    while (spinning.get()) count++;
                    return count;
                });
        Locator flames = page.locator("#flames [role=treeitem]");
        flames.nth(2).waitFor();
        spinning.set(false);
        assertThat(spun.result()).isPositive();
        page.locator("#profile-hold").click();

        assertThat(page.locator("#profile-rows").textContent()).contains("DashboardPagesTest.");
        assertThat(page.locator("#profile-info").textContent())
                .contains("samples of", "one in 20 ms", "% of a core");
        flames.first().focus();
        page.keyboard().press("ArrowDown");
        Locator focused = page.locator("#flames :focus");
        assertThat(focused.getAttribute("aria-label")).startsWith("tasks, ");
        assertThat(page.locator("#flame-tip").textContent()).startsWith("tasks: ");
        page.keyboard().press("Enter");
        assertThat(flames.first().getAttribute("aria-label")).startsWith("tasks, ");
        assertAccessible(ColorScheme.LIGHT);
        page.keyboard().press("Escape");
        assertThat(flames.first().getAttribute("aria-label")).startsWith("all, ");
    }

    @Test
    void the_log_is_searched_on_the_page_of_the_worker_and_with_the_events() {
        var log = Logger.getLogger("dev.quiver.local.Gates");
        log.info("the gate is open");
        log.log(Level.WARNING, "it won''t close: {0}", EVIL);
        page.locator("#to-workers").click();
        page.locator("#crew-rows a").first().click();
        page.locator("#workerlog-search").fill("CLOSE won't");
        page.locator("#workerlog-rows tr").first().waitFor();
        assertThat(page.locator("#workerlog-rows").textContent())
                .contains("▲ warningit won't close: " + EVIL, "Gates")
                .doesNotContain("open");
        assertAccessible(ColorScheme.LIGHT);

        page.locator("#to-events").click();
        page.locator("#event-search").fill("the gate is open");
        page.locator("#eventlog-rows tr").first().waitFor();
        assertThat(page.locator("#eventlog-rows").textContent()).contains("the gate is open");
        page.locator("#event-level").selectOption("warning");
        assertThat(page.locator("#eventlog-rows tr").count()).isZero();
        assertThat(page.locator("#eventlog-none").isVisible()).isTrue();
    }

    @Test
    void the_link_that_has_the_focus_keeps_it_when_numbers_change() {
        page.locator("#to-workers").click();
        Locator worker = page.locator("#crew-rows a").first();
        worker.focus();
        String before = page.locator("#crew-rows").textContent();
        session.submit(() -> 42).result();

        page.waitForCondition(() -> !page.locator("#crew-rows").textContent().equals(before));
        assertThat(worker.evaluate("link => document.activeElement === link")).isEqualTo(true);
    }

    @Test
    void names_are_text_whatever_they_look_like() {
        page.locator("#to-queries").click();
        page.locator("#jobs a")
                .filter(new Locator.FilterOptions().setHasText(EVIL))
                .first()
                .click();
        page.locator("#plan svg.plan").waitFor();

        assertThat(page.locator("#query-title").textContent()).contains(EVIL);
        assertThat(page.locator("#plan").textContent()).contains(EVIL);
        assertThat(page.locator("#plan img").count()).isZero();
    }

    @Test
    void a_task_tells_its_story_when_the_stream_is_asked_by_the_keyboard() {
        openTaskOfStream();

        assertThat(page.locator("#task-title").textContent()).contains("partition");
        assertThat(page.locator("#task-story li").count()).isPositive();
        page.keyboard().press("Escape");
        assertThat(page.locator("#task[open]").count()).isZero();
    }

    /// By the keyboard, the one in the middle.
    private void openTaskOfStream() {
        session.submit(() -> 42).result();
        page.waitForCondition(() -> (boolean) page.evaluate("window.quiver.stream.drawn > 0"));
        page.locator("#tasks").focus();
        page.keyboard().press("Enter");
        page.locator("#task[open]").waitFor();
    }

    @Test
    void runs_that_have_ended_are_listed_and_open_as_reports(@TempDir Path directory)
            throws Exception {
        String id = "20260101T000000-7-1";
        Path run = Files.createDirectories(directory.resolve(id));
        Files.writeString(
                run.resolve("run.json"),
                """
                {"version":1,"name":"quiver-1","program":"%s","began":"2026-01-01T00:00:00Z",
                 "micros":61000000,"queries":3,"tasksEnded":1200,"tasksFailed":1}\
                """
                        .formatted(EVIL));
        Files.writeString(run.resolve("report.html"), "<!doctype html><title>a run</title>");
        var history = new RunHistory(directory, Duration.ofDays(30), 1 << 20);

        try (Dashboard.Served served = new LocalDashboard().browse(history)) {
            page.navigate(served.address() + "#runs");

            Locator row = page.locator("#run-rows tr");
            row.waitFor();
            assertThat(row.innerText()).contains(EVIL, "1,200");
            assertThat(page.evaluate("window.evil")).isNull();
            assertAccessible(ColorScheme.LIGHT);
            row.locator("a").click();
            assertThat(page.title()).isEqualTo("a run");
            assertThat(page.url()).endsWith("/api/v1/runs/" + id);
        }
    }

    @Test
    void no_rule_of_accessibility_is_broken_in_light_and_dark() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.reload();
            page.locator("#stages li").first().waitFor();
            assertAccessible(scheme);
            page.locator("#to-queries").click();
            page.locator("#jobs a").first().click();
            page.locator("#plan svg.plan").waitFor();
            assertAccessible(scheme);
            page.locator("#to-workers").click();
            page.locator("#crew-rows a").first().waitFor();
            assertAccessible(scheme);
            page.locator("#crew-rows a").first().click();
            page.locator("#worker-recent tr").first().waitFor();
            assertAccessible(scheme);
            page.locator("#worker-recent a").last().click();
            page.locator("#tried-rows tr").first().waitFor();
            assertAccessible(scheme);
            page.locator("#to-memory").click();
            page.locator("#memory-facts dd").first().waitFor();
            assertAccessible(scheme);
            page.locator("#to-events").click();
            page.locator("#event-rows tr").first().waitFor();
            assertAccessible(scheme);
            page.locator("#to-live").click();
        }
    }

    /// Of the rules only those about colours depend on the scheme.
    private void assertAccessible(ColorScheme scheme) {
        var rules = new AxeBuilder(page);
        if (scheme == ColorScheme.DARK) rules.withRules(List.of("color-contrast"));
        var violations = rules.analyze().getViolations();

        assertThat(violations.stream().map(rule -> rule.getId() + ": " + rule.getNodes()).toList())
                .isEmpty();
    }

    @Test
    void nothing_is_cut_off_from_400_pixels_to_4k() {
        for (int[] size : new int[][] {{400, 800}, {1280, 900}, {3840, 2160}}) {
            page.setViewportSize(size[0], size[1]);
            int board = board();
            for (String name :
                    List.of(
                            "live",
                            "queries",
                            "graph",
                            "workers",
                            "memory",
                            "data",
                            "events",
                            "pipelines",
                            "profile",
                            "worker-" + board + "-0",
                            "task-" + board + "-1-0")) {
                page.evaluate("name => location.hash = name", name);
                if (page.locator("#jobs a").first().isVisible())
                    page.locator("#jobs a").first().click();
                page.waitForTimeout(50);

                assertThat(page.evaluate("document.documentElement.scrollWidth"))
                        .as("%s at %d pixels", name, size[0])
                        .isEqualTo(size[0]);
            }
        }
    }

    private int board() {
        return (int) page.evaluate("window.quiver.feed.board");
    }

    @Test
    void what_a_session_did_stays_on_the_page_when_it_is_closed() {
        try (Session brief = Quiver.local(Options.defaults().quiet().slots(1))) {
            brief.dashboard();
            brief.submit(() -> 42).result();
            page.close();
            page = page(brief, 1280, 900);
        }

        page.locator("#banner:not([hidden])").waitFor();
        assertThat(page.locator("#banner").textContent()).contains("has ended");
        assertThat(page.locator("#ended").textContent()).isEqualTo("1");
    }

    @Test
    void a_report_is_saved_and_opens_without_a_server(@TempDir Path directory) {
        Download download = page.waitForDownload(() -> page.locator("#report").click());
        Path file = directory.resolve("report.html");
        download.saveAs(file);
        var asked = new ArrayList<String>();
        Page report = chromium.browser().newPage();
        report.onRequest(request -> asked.add(request.url()));
        report.onPageError(complaints::add);
        report.navigate(file.toUri().toString());

        assertThat(report.locator("svg.plan").count()).isGreaterThan(1);
        assertThat(report.locator("svg.tasks").isVisible()).isTrue();
        assertThat(report.locator("body").textContent()).contains("Sort[name]", EVIL);
        assertThat(new AxeBuilder(report).analyze().getViolations()).isEmpty();
        assertThat(asked).hasSize(1);
        assertThat(report.evaluate("window.evil")).isNull();
        report.close();
    }
}
