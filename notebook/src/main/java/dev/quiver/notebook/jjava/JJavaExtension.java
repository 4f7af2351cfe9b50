package dev.quiver.notebook.jjava;

import dev.quiver.dataframe.QFuture;
import dev.quiver.notebook.LiveTasks;
import dev.quiver.notebook.MimeBundle;
import dev.quiver.notebook.Notebook;
import dev.quiver.notebook.NotebookFrontEnd;
import dev.quiver.notebook.Traceback;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a kernel of JJava one for Quiver: its names are imported, `q` is a session, and its
/// objects are shown as what they are. JJava finds it on the class path.
public final class JJavaExtension implements Extension {
    private static final Logger LOG = LoggerFactory.getLogger(JJavaExtension.class);

    @Override
    public void install(BaseKernel kernel) {
        for (Class<?> type : MimeBundle.types())
            kernel.getRenderer()
                    .createRegistration(type)
                    .preferring(MimeBundle.HTML)
                    .supporting(MimeBundle.TEXT, MimeBundle.SVG)
                    .register(JJavaExtension::render);
        kernel.getRenderer()
                .createRegistration(QFuture.class)
                .preferring(MimeBundle.HTML)
                .supporting(MimeBundle.TEXT)
                .register((future, context) -> live(List.of(future), context));
        kernel.getRenderer()
                .createRegistration(Collection.class)
                .preferring(MimeBundle.HTML)
                .supporting(MimeBundle.TEXT)
                .register(JJavaExtension::live);
        var cells = new JJavaCells(kernel);
        NotebookFrontEnd.open(cells);
        for (String statement : Notebook.imports()) kernel.evalRaw(statement);
        Optional<String> notice = openSession(kernel);
        CellControl.install(kernel, cells::current, notice);
    }

    /// A kernel that can't open `q` starts nevertheless: its people are told what to do.
    ///
    /// @return what they are told, if it can't
    private static Optional<String> openSession(BaseKernel kernel) {
        try {
            kernel.evalRaw(Notebook.session());
            return Optional.empty();
        } catch (Exception e) { // JShell's, which isn't declared
            LOG.warn("the kernel starts without q", e);
            return Optional.of(
                    """
                    There is no session q: it is null.
                    %s
                    Mend it and restart the kernel, or go on without a cluster: q = Quiver.local()\
                    """
                            .formatted(Traceback.message(String.valueOf(e.getMessage()), false)));
        }
    }

    @Override
    public void uninstall(BaseKernel kernel) {
        NotebookFrontEnd.close();
    }

    private static void live(Collection<?> values, RenderContext context) {
        LiveTasks.show(values)
                .or(() -> MimeBundle.of(values))
                .ifPresent(bundle -> put(bundle, context.getOutputContainer()));
    }

    private static void render(Object value, RenderContext context) {
        MimeBundle.of(value).ifPresent(bundle -> put(bundle, context.getOutputContainer()));
    }

    private static void put(Map<String, String> bundle, DisplayData out) {
        bundle.forEach(out::putData);
    }
}
