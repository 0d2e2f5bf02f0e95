"""What other programs follow: Atom, iCalendar, oEmbed, the sitemap and robots.txt."""
