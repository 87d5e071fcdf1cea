import java.io.File;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says whether a JVM can make an object of a class that is of a type, through
 * the public constructor without parameters: a line
 * "type TAB class TAB jar TAB jar..." of the file args[0] is answered by a line
 * "yes" or "no, why" of the file args[1]. Only the jars and the JDK are on the
 * class path. JDBC drivers are made indeed, as Spark's DriverRegistry does.
 */
public class ClassOracle {
	private static final Map<List<String>, URLClassLoader> loaders = new HashMap<>();

	public static void main(String[] args) throws Exception {
		List<String> answers = new ArrayList<>();
		for (String line : Files.readAllLines(Path.of(args[0]))) {
			List<String> fields = List.of(line.split("\t"));
			answers.add(judge(fields.get(0), fields.get(1), loader(fields.subList(2, fields.size()))));
		}
		Files.write(Path.of(args[1]), answers);
		System.exit(0); // whatever threads the drivers have started
	}

	private static URLClassLoader loader(List<String> jars) throws Exception {
		URLClassLoader known = loaders.get(jars);
		if (known == null) {
			URL[] urls = new URL[jars.size()];
			for (int i = 0; i < urls.length; i++) {
				urls[i] = new File(jars.get(i)).toURI().toURL();
			}
			known = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
			loaders.put(jars, known);
		}
		return known;
	}

	private static String judge(String type, String name, ClassLoader loader) {
		try {
			Class<?> c = loader.loadClass(name);
			if (!loader.loadClass(type).isAssignableFrom(c)) {
				return "no, no " + type;
			}
			if (Modifier.isAbstract(c.getModifiers()) || !Modifier.isPublic(c.getModifiers())) {
				return "no, abstract or not public";
			}
			c.getConstructor();
			if (type.equals("java.sql.Driver")) {
				c.getConstructor().newInstance();
			}
			return "yes";
		} catch (Throwable e) {
			return ("no, " + e + (e.getCause() == null ? "" : ": " + e.getCause())).replaceAll("\\s+", " ");
		}
	}
}
