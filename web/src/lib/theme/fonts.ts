import '@fontsource/fraunces/latin-400.css';
import '@fontsource/fraunces/latin-500.css';
import '@fontsource/fraunces/latin-ext-500.css';
import '@fontsource/inter/400.css';
import '@fontsource/inter/600.css';
