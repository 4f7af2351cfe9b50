package dev.quiver.notebook;

import dev.quiver.client.Session;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.PlanGraph;
import dev.quiver.dataframe.RichDisplay;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.pipeline.DryRun;
import dev.quiver.pipeline.PipelineRun;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is shown of Quiver's objects, by MIME types. For kernels without an extension of ours:
///
/// ```java
/// String html = MimeBundle.of(frame).orElseThrow().get(MimeBundle.HTML);
/// ```
public final class MimeBundle {
    public static final String TEXT = "text/plain";
    public static final String HTML = "text/html";
    public static final String SVG = "image/svg+xml";

    private MimeBundle() {}

    /// The classes of what [#of] shows.
    public static List<Class<?>> types() {
        return List.of(
                RichDisplay.class,
                DataFrame.class,
                Table.class,
                PlanGraph.class,
                Analysis.class,
                MemoryReport.class,
                Written.class,
                PipelineRun.class,
                DryRun.class,
                Session.class);
    }

    /// A value by MIME types, `text/plain` among them; empty for one that has nothing but its
    /// `toString`. A frame is run as far as its first rows need it.
    ///
    /// @throws dev.quiver.error.QuiverException when such a run fails
    public static Optional<Map<String, String>> of(Object value) {
        return switch (value) {
            case RichDisplay rich -> Optional.of(rich.mimeBundle());
            case DataFrame frame -> Optional.of(FrameDisplay.of(frame));
            case Table table -> Optional.of(FrameDisplay.of(table));
            case PlanGraph plan -> Optional.of(PlanPicture.of(plan));
            case Analysis analysis -> Optional.of(ReportDisplay.of(analysis));
            case MemoryReport report -> Optional.of(ReportDisplay.of(report));
            case Written written -> Optional.of(PipelineDisplay.of(written));
            case PipelineRun run -> Optional.of(PipelineDisplay.of(run));
            case DryRun dryRun -> Optional.of(PipelineDisplay.of(dryRun));
            case Collection<?> values -> PipelineDisplay.history(values);
            case Session session -> Optional.of(SessionDisplay.of(session));
            default -> Optional.empty();
        };
    }
}
