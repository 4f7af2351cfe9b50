package dev.quiver.notebook.jjava;

import dev.quiver.notebook.Cells;
import dev.quiver.notebook.LiveDisplay;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.DisplayStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishUpdateDisplayData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cells of a notebook that JJava runs. JJava drops what is shown when no cell runs, so a display
/// keeps the way to the page that its cell had.
final class JJavaCells implements Cells {
    private static final String DISPLAY_ID = "display_id";
    private static final Logger LOG = LoggerFactory.getLogger(JJavaCells.class);

    private final DisplayStream stream;
    private final Optional<Field> replies;

    JJavaCells(BaseKernel kernel) {
        this.stream = kernel.getIO().display;
        this.replies = replies();
    }

    private static Optional<Field> replies() {
        try {
            Field field = DisplayStream.class.getDeclaredField("env");
            field.setAccessible(true);
            return Optional.of(field);
        } catch (ReflectiveOperationException e) {
            LOG.warn("this JJava keeps its replies elsewhere: nothing is shown live", e);
            return Optional.empty();
        }
    }

    @Override
    public boolean isRunning() {
        return stream.isAttached();
    }

    @Override
    public Optional<LiveDisplay> show(Map<String, String> bundle) {
        return reply().map(reply -> {
            String id = UUID.randomUUID().toString();
            reply.publish(new PublishDisplayData(data(bundle, id)));
            return next -> reply.publish(new PublishUpdateDisplayData(data(next, id)));
        });
    }

    /// Stands for the cell that runs, if one does.
    Object current() {
        return reply().<Object>map(reply -> reply).orElse(this);
    }

    /// Of the cell that runs.
    private Optional<ShellReplyEnvironment> reply() {
        if (replies.isEmpty()) return Optional.empty();
        try {
            return Optional.ofNullable((ShellReplyEnvironment) replies.get().get(stream));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("it was made accessible", e);
        }
    }

    private static DisplayData data(Map<String, String> bundle, String id) {
        var data = new DisplayData();
        bundle.forEach(data::putData);
        data.putTransientData(DISPLAY_ID, id);
        return data;
    }
}
