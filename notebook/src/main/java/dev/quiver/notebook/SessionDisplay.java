package dev.quiver.notebook;

import dev.quiver.client.Session;
import dev.quiver.client.Usage;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.chart.Markup;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.Map;

/// A session: what it uses, and where its dashboard is.
final class SessionDisplay {
    private SessionDisplay() {}

    static Map<String, String> of(Session session) {
        Usage usage = session.usage();
        String uses =
                "%d of %d slots busy, memory %s of %s"
                        .formatted(
                                usage.slotsBusy(),
                                usage.slots(),
                                ByteSize.text(usage.memoryBytes()),
                                ByteSize.text(usage.memoryBytesMax()));
        String address = dashboard(session);
        String link =
                address.isEmpty()
                        ? ""
                        : ", <a href=\"%s\" target=\"_blank\" rel=\"noopener\">dashboard</a>"
                                .formatted(Markup.text(address));
        return Map.of(
                MimeBundle.HTML,
                "<div><b>%s</b>: %s%s</div>".formatted(Markup.text(session.toString()), uses, link),
                MimeBundle.TEXT,
                "%s: %s%s"
                        .formatted(
                                session, uses, address.isEmpty() ? "" : ", dashboard: " + address));
    }

    private static String dashboard(Session session) {
        try {
            return session.dashboard().toString();
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.UNSUPPORTED) return ""; // none on the class path
            throw e;
        }
    }
}
