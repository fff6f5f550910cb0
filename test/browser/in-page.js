/** Checks that run inside a page. Each returns its problems as text. */
globalThis.inPage = (() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  /** Elements that exceed the right edge of the window. */
  function overflow() {
    const { clientWidth, scrollWidth } = document.documentElement;
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} of ${clientWidth} wide`] : [];
    const outside = all('body *').filter((element) => {
      const { right, left, width } = element.getBoundingClientRect();
      return width > 1 && (right > clientWidth + 0.5 || left < -0.5);
    });
    const escaped = all('section *, .headline > div *').filter((element) => {
      const box = element.closest('section, .headline > div').getBoundingClientRect();
      const { right, left, width } = element.getBoundingClientRect();
      return width > 1 && (right > box.right + 0.5 || left < box.left - 0.5);
    });
    return [
      ...wide,
      ...outside.map((element) => `${element.tagName}: ${element.textContent.slice(0, 60)}`),
      ...escaped.map((element) => `${element.tagName} leaves its box: ${element.textContent.slice(0, 60)}`),
    ];
  }

  /** Texts that are wider than their picture or box. */
  function clipped() {
    const texts = all('svg text').filter((text) => {
      const box = text.getBoundingClientRect();
      const picture = text.ownerSVGElement.getBoundingClientRect();
      return box.right > picture.right + 1 || box.left < picture.left - 1 || box.bottom > picture.bottom + 1;
    });
    return texts.map((text) => text.textContent);
  }

  /** Overlapping texts of a picture. */
  function overlapping() {
    return all('svg').flatMap((svg) => {
      const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
      return texts.flatMap(([text, a], at) =>
        texts
          .slice(at + 1)
          .filter(
            ([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2,
          )
          .map(([other]) => `${text} / ${other}`),
      );
    });
  }

  /** Cells whose content would split into several flex items. */
  function scattered() {
    return all('td, tbody th').flatMap((cell) => (cell.childNodes.length > 1 ? [cell.textContent.slice(0, 60)] : []));
  }

  /** Headings that skip a level, or a missing level-1 heading. */
  function headings() {
    const levels = all('h1,h2,h3,h4,h5,h6').map((heading) => Number(heading.tagName[1]));
    const skips = levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);
    const firsts = levels.filter((level) => level === 1).length;
    return [...skips.map((level) => `level ${level} is skipped to`), ...(firsts === 1 ? [] : [`${firsts} of level 1`])];
  }

  /** Rendered text sizes in pixels. */
  function smallestText() {
    const sizes = all('svg text').map((text) => text.getBoundingClientRect().height / text.getBBox().height);
    const fonts = all('svg text').map((text, at) => parseFloat(getComputedStyle(text).fontSize) * sizes[at]);
    const others = all('body :not(svg *)').map((element) => parseFloat(getComputedStyle(element).fontSize));
    return Math.min(...fonts, ...others);
  }

  const colourOf = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return { rgb: [r, g, b], opaque: a === 1 };
  };
  const luminance = (rgb) =>
    rgb
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };

  /** The background color of a text: of the nearest filled shape or, if there is none, the nearest box. */
  function groundOf(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const stack = document.elementsFromPoint(left + width / 2, top + height / 2);
    const below = stack.slice(stack.indexOf(element) + 1);
    for (const each of [...(element instanceof SVGElement ? [] : [element]), ...below]) {
      const style = getComputedStyle(each);
      const paint = each instanceof SVGGeometryElement ? style.fill : style.backgroundColor;
      if (paint !== 'none' && colourOf(paint).opaque) return colourOf(paint).rgb;
    }
    const ground = colourOf(getComputedStyle(document.body).backgroundColor);
    return ground.opaque ? ground.rgb : [255, 255, 255];
  }

  /** Every visible text with its contrast. The whole page must be in the window. */
  function contrasts() {
    const own = (element) => [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '');
    return all('body *')
      .filter((element) => own(element) && !['STYLE', 'TITLE', 'title', 'desc'].includes(element.tagName))
      .filter((element) => element.getBoundingClientRect().width > 1)
      .map((element) => {
        const { color, fill } = getComputedStyle(element);
        const ink = colourOf(element instanceof SVGElement ? fill : color).rgb;
        return { text: element.textContent.trim().slice(0, 40), ratio: ratio(ink, groundOf(element)) };
      });
  }

  return { overflow, clipped, overlapping, scattered, headings, smallestText, contrasts };
})();
