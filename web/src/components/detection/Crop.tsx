import { IconPhoto } from '@tabler/icons-react';

import classes from '../picture/Picture.module.css';

interface Props {
  url: string | null;
  alt: string;
  className?: string | undefined;
}

/** What was cut out of a photo, on its mat. */
export function Crop({ url, alt, className }: Props) {
  return (
    <div className={`${classes.mat ?? ''} ${className ?? ''}`}>
      {url === null ? (
        <IconPhoto className={classes.missing} stroke={1.2} role="img" aria-label={alt} />
      ) : (
        <img className={classes.image} src={url} alt={alt} loading="lazy" decoding="async" />
      )}
    </div>
  );
}
