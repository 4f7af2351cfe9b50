package dev.quiver.notebook.jjava;

import dev.quiver.dataframe.QFuture;
import dev.quiver.notebook.LiveTasks;
import dev.quiver.notebook.MimeBundle;
import dev.quiver.notebook.Notebook;
import dev.quiver.notebook.NotebookFrontEnd;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;

/// Makes a kernel of JJava one for Quiver: its names are imported, `q` is a session, and its
/// objects are shown as what they are. JJava finds it on the class path.
public final class JJavaExtension implements Extension {
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
        for (String statement : Notebook.startUp()) kernel.evalRaw(statement);
        CellControl.install(kernel, cells::current);
    }

    @Override
    public void uninstall(BaseKernel kernel) {
        NotebookFrontEnd.close();
    }

    private static void live(Collection<?> values, RenderContext context) {
        LiveTasks.show(values).ifPresent(bundle -> put(bundle, context.getOutputContainer()));
    }

    private static void render(Object value, RenderContext context) {
        MimeBundle.of(value).ifPresent(bundle -> put(bundle, context.getOutputContainer()));
    }

    private static void put(Map<String, String> bundle, DisplayData out) {
        bundle.forEach(out::putData);
    }
}
